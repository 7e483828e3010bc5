/** `delay`: a function that takes longer, for tests of time limits, progress and races. */
import { setDelay } from '../delays.ts'
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { longestMs } from '../options/checks.ts'

/**
 * From now on each attempt of a function called `name` (or of a job of that `name`) begins `ms` later, wherever it runs; the time counts as its own, so it meets
 * `timeout` and shows in `metrics`. 0 takes it back, and so does disposing of what is returned.
 *
 * @throws OptionError
 * @example
 * ```ts
 * using _ = delay('thumb', 500)
 * await parMap(files, img.thumb, { timeout: 100 }) // every item times out
 * ```
 */
export function delay(name: string, ms: number): Disposable {
  if (typeof name !== 'string' || name === '')
    throw new OptionError(`delay: name must be a string that is not empty, got ${describe(name)}`)
  if (typeof ms !== 'number' || !(ms >= 0 && ms <= longestMs))
    throw new OptionError(`delay: ms must be milliseconds from 0 to ${longestMs}, got ${describe(ms)}`)
  setDelay(name, ms)
  return { [Symbol.dispose]: () => setDelay(name, 0) }
}
