/** `lazyParMap` on the caller against p-map's `pMapIterable` and Node's `Readable.map`: what passing an item through costs, for the function takes no time. */
import { Readable } from 'node:stream'
import { lazyParMap } from 'everycore'
import { pMapIterable } from 'p-map'
import { time } from './measure.mjs'
import { openAlone } from './work/alone.mjs'

const CONCURRENCY = 32

export const title = '200,000 items through a lazy map on the caller'
export const goal = 2
export const rounds = 15

export const open = async (quick) => openAlone('lazy', here, quick)

export function here(quick) {
  const count = quick ? 500 : 200_000
  let sum
  const increment = async (x) => x + 1
  const source = function* () {
    for (let i = 0; i < count; i++) yield i
  }
  const add = async (results) => {
    let total = 0
    for await (const x of results) total += x
    return total
  }
  const drain = (open) => async () => [
    await time(async () => {
      sum = await add(open())
    }),
  ]
  const contenders = {
    'p-map': drain(() => pMapIterable(source(), increment, { concurrency: CONCURRENCY })),
    'Readable.map': drain(() => Readable.from(source()).map(increment, { concurrency: CONCURRENCY })),
    everycore: drain(() => lazyParMap(source(), increment, { concurrency: CONCURRENCY })),
  }
  return { contenders, check: () => (sum === (count * (count + 1)) / 2 ? undefined : 'wrong results') }
}
