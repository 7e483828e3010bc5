/** tinypool, which descends from piscina. */
import { Tinypool } from 'tinypool'

export function open({ module, workers, ahead }) {
  const pool = new Tinypool({
    filename: module.href,
    minThreads: workers,
    maxThreads: workers,
    concurrentTasksPerWorker: ahead,
  })
  return {
    call: (name, item) => pool.run(item, { name }),
    move: (name, item, transferList) => pool.run(item, { name, transferList }),
    close: () => pool.destroy(),
  }
}
