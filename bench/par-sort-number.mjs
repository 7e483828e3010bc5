/** `parSort` of 1 M objects by a number, against `Array.prototype.toSorted` with a comparator, and polars. */
import { parSort } from 'everycore'
import { records } from './work/data.mjs'
import { time } from './measure.mjs'
import { withPolars } from './peers/polars.mjs'

const compare = (a, b) => a.n - b.n

export const title = '`parSort` of 1 M objects by a number'
export const goal = 10
export const rounds = 5

export async function open(quick) {
  const items = records(quick ? 5000 : 1_000_000)
  const expected = items.toSorted(compare)
  let result
  const contenders = {
    'plain toSorted with a comparator': async () => [await time(() => (result = items.toSorted(compare)))],
    ...withPolars((polars) => {
      const sorted = () => {
        const keys = polars.Series(
          'n',
          Float64Array.from(items, ({ n }) => n),
          polars.Float64,
        )
        return Array.from(keys.argSort().toTypedArray(), (i) => items[i])
      }
      return { 'polars, argSort of the keys': async () => [await time(() => (result = sorted()))] }
    }),
    everycore: async () => [await time(async () => (result = await parSort(items, { by: 'n' })))],
  }
  const check = () => (result.every((item, i) => item === expected[i]) ? undefined : 'wrong order')
  return { contenders, check, close: () => undefined }
}
