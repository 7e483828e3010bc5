/** `native.min` of 5 M doubles against an indexed loop, and polars. */
import { native } from 'everycore'
import { doubles, shared } from './work/data.mjs'
import { time } from './measure.mjs'
import { withPolars } from './peers/polars.mjs'

const loop = (array) => {
  let least = Infinity
  for (let i = 0; i < array.length; i++) if (array[i] < least) least = array[i]
  return least
}

export const title = '`native.min` of 5 M doubles'
export const goal = 1
export const rounds = 15

export async function open(quick) {
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
      return { 'polars, a series of its own': () => several(() => (result = series.min())) }
    }),
    'everycore, shared memory': () => several(async () => (result = await native.min(sharedNumbers))),
    everycore: () => several(async () => (result = await native.min(numbers))),
  }
  const check = () => (Math.abs(result - expected) <= 1e-9 * expected ? undefined : `${result}, not ${expected}`)
  return { contenders, check, close: () => undefined }
}
