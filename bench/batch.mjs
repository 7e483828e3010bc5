/** What one batch of ten items costs, beside p-map over slices made beforehand: the function takes no time. */
import { batch, warmup } from 'everycore'
import pMap from 'p-map'
import { time } from './measure.mjs'

const SIZE = 10

export const title = '10,000 batches of 10 items, time for each batch'
/** Milliseconds a batch. */
export const limit = 0.03
export const rounds = 15

export async function open(quick) {
  const batches = quick ? 50 : 10_000
  const items = Array.from({ length: batches * SIZE }, (_, i) => i)
  let results
  const increment = (some) => some.map((x) => x + 1)
  const perBatch = (work) => async () => {
    const ms = await time(async () => {
      results = await work()
    })
    return [ms / batches]
  }
  await warmup()
  const contenders = {
    'p-map over slices': perBatch(async () => {
      const slices = Array.from({ length: batches }, (_, i) => items.slice(i * SIZE, (i + 1) * SIZE))
      return (await pMap(slices, async (some) => increment(some), { concurrency: 4 })).flat()
    }),
    'everycore on the caller': perBatch(() => batch(items, async (some) => increment(some))),
    'everycore in workers': perBatch(() => batch(items, increment)),
  }
  const check = () =>
    results.length === items.length && results.every((x, i) => x === i + 1) ? undefined : 'wrong results'
  return { contenders, check, close: () => undefined }
}
