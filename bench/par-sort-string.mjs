/** `parSort` of 1 M objects by a string, against `Array.prototype.toSorted` with a comparator, and polars. */
import { parSort } from 'everycore'
import { records } from './work/data.mjs'
import { time } from './measure.mjs'
import { withPolars } from './peers/polars.mjs'

const compare = (a, b) => (a.s < b.s ? -1 : a.s > b.s ? 1 : 0)

export const title = '`parSort` of 1 M objects by a string'
export const goal = 4
export const rounds = 5

export async function open(quick) {
  const items = records(quick ? 5000 : 1_000_000)
  const expected = items.toSorted(compare)
  let result
  const contenders = {
    'plain toSorted with a comparator': async () => [await time(() => (result = items.toSorted(compare)))],
    ...withPolars((polars) => {
      const places = Uint32Array.from(items.keys())
      const sorted = () => {
        const keys = polars.DataFrame({ s: items.map(({ s }) => s), i: places })
        const order = keys.sort({ by: 's', maintainOrder: true }).getColumn('i').toTypedArray()
        return Array.from(order, (i) => items[i])
      }
      return { 'polars, a frame of keys and places': async () => [await time(() => (result = sorted()))] }
    }),
    everycore: async () => [await time(async () => (result = await parSort(items, { by: 's' })))],
  }
  const check = () => (result.every((item, i) => item === expected[i]) ? undefined : 'wrong order')
  return { contenders, check, close: () => undefined }
}
