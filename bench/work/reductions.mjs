/** `native.sum` and `native.min` of 5 M doubles, each against an indexed loop, and polars. */
import { native } from 'everycore'
import { time } from '../measure.mjs'
import { withPolars } from '../peers/polars.mjs'
import { doubles, shared } from './data.mjs'

/** `verb` is the function's name, here and in polars; `loop` does the same. */
export function openReduction(verb, loop, quick) {
  const numbers = doubles(quick ? 100_000 : 5_000_000)
  const sharedNumbers = shared(numbers)
  const expected = loop(numbers)
  let result
  const several = async (work) => {
    const durations = []
    for (let i = 0; i < 10; i++) durations.push(await time(work))
    return durations
  }
  const contenders = {
    'plain loop': () => several(() => (result = loop(numbers))),
    ...withPolars((polars) => {
      const series = polars.Series('n', numbers, polars.Float64)
      return { 'polars, a series of its own': () => several(() => (result = series[verb]())) }
    }),
    'everycore, shared memory': () => several(async () => (result = await native[verb](sharedNumbers))),
    everycore: () => several(async () => (result = await native[verb](numbers))),
  }
  const check = () => (Math.abs(result - expected) <= 1e-9 * expected ? undefined : `${result}, not ${expected}`)
  return { contenders, check, close: () => undefined }
}
