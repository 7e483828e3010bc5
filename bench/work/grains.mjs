/** How small an item may be: per item, the time of a plain loop, of peers one by one and in chunks, and of `parMap`, from 20 ns of work to 10 ms. */
import { isDeepStrictEqual } from 'node:util'
import { parMap, warmup } from 'everycore'
import { chunked, rehearsed } from '../peers/by-hand.mjs'
import { CHUNKS, openPeers, SMALL_CALLS } from '../peers/open.mjs'
import { time } from '../measure.mjs'
import { functions } from './functions.mjs'
import { inWorkers } from './maps.mjs'
import { stepsOf } from './mix.mjs'

const µs = 1e-3

/** Milliseconds of work in an item. */
export const GRAINS = [0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 100, 1000, 10_000].map((grain) => grain * µs)
export const QUICK_GRAINS = [1 * µs, 100 * µs]

const clamp = (count, least, most) => Math.max(least, Math.min(most, Math.round(count)))

/** `item(i, steps)` makes an item for the function of that name; contenders give their time an item. */
export async function openGrains({ name, item, libraries, mostItems = 400_000, quick }) {
  const fn = functions[name]
  const forItems = await openPeers({ settings: SMALL_CALLS, libraries })
  const forChunks = await openPeers({ settings: CHUNKS, libraries })
  await warmup()
  const scale = quick ? 0.01 : 1
  // Sent one by one, an item costs the same however many there are, so that few of them will do.
  const fewOf = (grain) => clamp((scale * 60) / grain, 8, scale * 3000)
  const manyOf = (grain) => clamp((scale * 100) / grain, 16, scale * mostItems)

  let made
  const itemsAt = (grain) => {
    if (made?.grain !== grain) {
      const steps = stepsOf(grain)
      const many = Array.from({ length: manyOf(grain) }, (_, i) => item(i, steps))
      made = { grain, many, few: many.slice(0, fewOf(grain)) }
    }
    return made
  }
  let last
  const contender = (which, map) => async (grain) => {
    const items = itemsAt(grain)[which]
    let results
    const ms = await time(async () => {
      results = await map(items, grain)
    })
    last = { items, results }
    return [ms / items.length]
  }

  const contenders = { 'plain loop': contender('many', (items) => items.map((one) => fn(one))) }
  for (const [library, pool] of Object.entries(forItems)) {
    contenders[`${library}, one by one`] = contender('few', (items) =>
      Promise.all(items.map((one) => pool.call(name, one))),
    )
    contenders[`${library}, chunked`] = contender('many', chunked(forChunks[library], name, quick))
  }
  contenders.everycore = contender(
    'many',
    rehearsed((items) => parMap(items, inWorkers[name]), quick),
  )
  return {
    contenders,
    check: () =>
      isDeepStrictEqual(
        last.results,
        last.items.map((one) => fn(one)),
      )
        ? undefined
        : 'wrong results',
    close: () => undefined,
  }
}
