/** `fillQueue`: a queue without room, for tests of what a program does then. */
import type { PoolHandle } from '../options/pool-brand.ts'
import { homeOf } from './home-of.ts'

/**
 * Takes all room in the queue of a pool, as if `maxQueue` calls were waiting: until what is returned is disposed of, calls of `run` and `par` to workers are
 * refused with `ERR_QUEUE_FULL`, or wait under `whenFull: 'wait'`. Maps are not concerned.
 *
 * @param pool by default the shared one
 * @throws OptionError, ClosedError
 * @example
 * ```ts
 * using _ = fillQueue()
 * await run(Math.sqrt, [2]) // rejects with ERR_QUEUE_FULL
 * ```
 */
export function fillQueue(pool?: PoolHandle): Disposable {
  const home = homeOf('fillQueue', pool)
  let filled = home.native.fill()
  return {
    [Symbol.dispose]() {
      home.native.empty(filled)
      filled = 0
      home.retryRefused()
    },
  }
}
