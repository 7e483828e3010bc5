/** 20,000 small calls, all in flight at once, against piscina. */
import { time } from './measure.mjs'
import { openPools } from './peers/pools.mjs'

export const title = '20,000 small `run()` calls in flight'
export const goal = 5
export const rounds = 15

export async function open(quick) {
  const calls = Array.from({ length: quick ? 500 : 20_000 }, (_, i) => i)
  const { pools, close } = await openPools()
  let results
  const contender = (call) => async () => [
    await time(async () => {
      results = await Promise.all(calls.map((i) => call(i, 1)))
    }),
  ]
  const contenders = Object.fromEntries(Object.entries(pools).map(([name, call]) => [name, contender(call)]))
  const check = () =>
    results.length === calls.length && results.every((x, i) => x === i + 1) ? undefined : 'wrong results'
  return { contenders, check, close }
}
