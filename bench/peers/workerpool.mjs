/** workerpool, with threads. */
import { fileURLToPath } from 'node:url'
import workerpool from 'workerpool'

const WORKER = fileURLToPath(new URL('workers/workerpool.mjs', import.meta.url))

export function open({ workers }) {
  const pool = workerpool.pool(WORKER, { workerType: 'thread', minWorkers: workers, maxWorkers: workers })
  return {
    call: (name, item) => pool.exec(name, [item]),
    move: (name, item, transfer) => pool.exec(name, [item], { transfer }),
    close: () => pool.terminate(),
  }
}
