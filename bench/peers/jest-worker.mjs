/** jest-worker, with threads. */
import { fileURLToPath } from 'node:url'
import { Worker } from 'jest-worker'

export function open({ module, workers, names }) {
  const pool = new Worker(fileURLToPath(module), {
    enableWorkerThreads: true,
    numWorkers: workers,
    exposedMethods: names,
  })
  return {
    call: (name, item) => pool[name](item),
    close: () => pool.end(),
  }
}
