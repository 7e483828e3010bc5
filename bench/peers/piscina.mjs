/** piscina. Its own timing of tasks is off: it costs, and nobody reads it. */
import { Piscina } from 'piscina'

/** `ahead`: how many tasks a worker is sent before it has answered. */
export function open({ module, workers, ahead, atomics }) {
  const pool = new Piscina({
    filename: module.href,
    minThreads: workers,
    maxThreads: workers,
    concurrentTasksPerWorker: ahead,
    atomics,
    recordTiming: false,
  })
  return {
    call: (name, item) => pool.run(item, { name }),
    move: (name, item, transferList) => pool.run(item, { name, transferList }),
    close: () => pool.destroy(),
  }
}
