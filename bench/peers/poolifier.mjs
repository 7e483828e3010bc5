/** poolifier, with a fixed number of threads. */
import { fileURLToPath } from 'node:url'
import { FixedThreadPool } from 'poolifier'

const WORKER = fileURLToPath(new URL('workers/poolifier.mjs', import.meta.url))

export function open({ workers, ahead }) {
  // Its queue keeps the workers in balance. For small tasks it is faster without: they then wait in the workers.
  const pool = new FixedThreadPool(workers, WORKER, { enableTasksQueue: ahead <= 2 })
  return {
    call: (name, item) => pool.execute(item, name),
    move: (name, item, transferList) => pool.execute(item, name, undefined, transferList),
    // Its `destroy` waits for an answer of each thread, which now and then never comes; so the threads are ended beside it.
    async close() {
      const threads = pool.workerNodes.map(({ worker }) => worker)
      pool.destroy().catch(() => undefined)
      await Promise.all(threads.map((thread) => thread.terminate()))
    },
  }
}
