// oxlint-disable no-array-sort -- `native.sort` is no sort of an array in place
/** `native.sort` of 5 M doubles against `Float64Array.prototype.sort`, which sorts a warm copy in place, and polars. */
import { native } from 'everycore'
import { doubles, shared } from './work/data.mjs'
import { time } from './measure.mjs'
import { withPolars } from './peers/polars.mjs'

export const title = '`native.sort` of 5 M doubles'
export const goal = 6
export const rounds = 7

export async function open(quick) {
  const numbers = doubles(quick ? 20_000 : 5_000_000)
  const sharedNumbers = shared(numbers)
  const expected = numbers.toSorted()
  const copy = numbers.slice()
  let result
  const contenders = {
    'plain Float64Array.sort': async () => {
      copy.set(numbers)
      return [await time(() => (result = copy.sort()))]
    },
    ...withPolars((polars) => ({
      'polars, from array to array': async () => [
        await time(() => (result = polars.Series('n', numbers, polars.Float64).sort().toTypedArray())),
      ],
    })),
    'everycore, shared memory': async () => [await time(async () => (result = await native.sort(sharedNumbers)))],
    everycore: async () => [await time(async () => (result = await native.sort(numbers)))],
  }
  const check = () => (result.every((x, i) => x === expected[i]) ? undefined : 'wrong order')
  return { contenders, check, close: () => undefined }
}
