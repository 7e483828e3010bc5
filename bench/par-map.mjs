/** `parMap` of items that take about 5 µs each, against the same function in a plain loop. */
import { parMap, warmup } from 'everycore'
import { time } from './measure.mjs'

const ITEM_MS = 0.005

/** Mixes a number `steps` times; nothing of it can be optimised away, for the result is returned. */
function mix(seed, steps) {
  let x = seed | 1
  for (let i = 0; i < steps; i++) {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
  }
  return x >>> 0
}

/** How many steps take an item's time on this machine. */
function calibrate() {
  let sink = 0
  const run = (steps, times) => {
    const start = performance.now()
    for (let i = 0; i < times; i++) sink ^= mix(i, steps)
    return (performance.now() - start) / times
  }
  run(1000, 10_000)
  const perStep = Math.min(...Array.from({ length: 5 }, () => run(1000, 5000))) / 1000
  return { steps: Math.round(ITEM_MS / perStep), sink }
}

export const title = '`parMap` of 50,000 items of 5 µs'
export const goal = 1.7
export const rounds = 15

export async function open(quick) {
  const { steps } = calibrate()
  const items = Array.from({ length: quick ? 500 : 50_000 }, (_, i) => i)
  const expected = items.map((item) => mix(item, steps))
  let results
  await warmup()

  // The function stands alone, so that it can be shipped: the loop runs the very same one.
  const contenders = {
    'plain loop': async () => [
      await time(() => {
        results = items.map((item) => mix(item, steps))
      }),
    ],
    everycore: async () => [
      await time(async () => {
        results = await parMap(items, (item, _, { use }) => use.mix(item, use.steps), { use: { mix, steps } })
      }),
    ],
  }
  const check = () =>
    results.length === expected.length && results.every((x, i) => x === expected[i]) ? undefined : 'wrong results'
  return { contenders, check, close: () => undefined }
}
