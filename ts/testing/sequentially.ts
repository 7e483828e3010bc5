/** `sequentially`: everything that a test starts, in order, on the calling thread. */
import { OptionError } from '../errors.ts'
import { isSequential, setSequential } from '../options/sequential.ts'

/** Those that run now; the last to end puts the mode back. */
let running = 0
let before = false

/**
 * Runs `fn` with every call of this thread in sequential mode, as under `EVERYCORE_SEQUENTIAL=1`, until what it returns has settled: in order, one at a time, here,
 * where a debugger stops and a stack is whole. Results and errors are what workers would give. Calls that were made before are not concerned.
 *
 * @throws what `fn` throws; OptionError where it is no function
 * @example
 * ```ts
 * const results = await sequentially(() => parMap([1, 2], (n) => n * 2)) // [2, 4]
 * ```
 */
export async function sequentially<R>(fn: () => R | PromiseLike<R>): Promise<R> {
  if (typeof fn !== 'function') throw new OptionError(`sequentially: fn must be a function, got ${typeof fn}`)
  if (running++ === 0) before = isSequential()
  setSequential(true)
  try {
    return await fn()
  } finally {
    if (--running === 0) setSequential(before)
  }
}
