/** `parMap` of items that take about 5 µs each, an inline function with `use`, against the same function in a plain loop. */
import { isDeepStrictEqual } from 'node:util'
import { parMap, warmup } from 'everycore'
import { time } from './measure.mjs'
import { rehearsed } from './peers/by-hand.mjs'
import { mix, stepsOf } from './work/mix.mjs'

export const title = '`parMap` of 50,000 items of 5 µs'
export const goal = 1.9
export const rounds = 15

export async function open(quick) {
  const steps = stepsOf(0.005)
  const items = Array.from({ length: quick ? 500 : 50_000 }, (_, i) => i)
  const expected = items.map((item) => mix(item, steps))
  let results
  await warmup()
  const map = rehearsed(
    () => parMap(items, (item, _, { use }) => use.mix(item, use.steps), { use: { mix, steps } }),
    quick,
  )

  // The function stands alone, so that it can be shipped: the loop runs the very same one.
  const contenders = {
    'plain loop': async () => [
      await time(() => {
        results = items.map((item) => mix(item, steps))
      }),
    ],
    everycore: async () => [
      await time(async () => {
        results = await map()
      }),
    ],
  }
  const check = () => (isDeepStrictEqual(results, expected) ? undefined : 'wrong results')
  return { contenders, check, close: () => undefined }
}
