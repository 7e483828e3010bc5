/** Items of very unlike cost: thousands of 5 µs, and at the end, where the mean has been learnt, eight neighbours of 25 ms. */
import { openMap } from './work/maps.mjs'
import { LARGE_CALLS } from './peers/open.mjs'
import { packed, stepsOf } from './work/mix.mjs'

export const title = 'Skewed costs: 20,000 items of 5 µs, then 8 of 25 ms'
export const goal = { peers: 1, 'plain loop': 1.8 }
export const rounds = 7

export function open(quick) {
  const [cheap, dear] = [stepsOf(0.005), stepsOf(quick ? 0.5 : 25)]
  const items = Array.from({ length: quick ? 200 : 20_000 }, (_, i) => packed(i, cheap))
  for (let i = 0; i < 8; i++) items.push(packed(i, dear))
  return openMap({ name: 'mixPacked', items, quick, settings: LARGE_CALLS })
}
