/** Maps over an array: a plain loop, peers with chunks by hand, and `parMap`. What most workloads measure. */
import { isDeepStrictEqual } from 'node:util'
import { parMap, warmup, workerModule } from 'everycore'
import { time } from '../measure.mjs'
import { chunked, ranged, rehearsed } from '../peers/by-hand.mjs'
import { CHUNKS, openPeers, PEERS } from '../peers/open.mjs'
import { functions } from './functions.mjs'

export const inWorkers = workerModule(new URL('functions.mjs', import.meta.url))

/** A map over `items` by the function of that name in `functions.mjs`. Chunks of the same cost may wait in a worker, others must not. */
export async function openMap({ name, items, quick, libraries = PEERS, settings = CHUNKS }) {
  const fn = functions[name]
  const plain = { 'plain loop': () => items.map((item) => fn(item)) }
  return contenders(
    { name, items, quick, libraries, settings, plain, map: (pool) => chunked(pool, name, quick) },
    'chunked',
  )
}

/** The same over a typed array. */
export async function openTypedMap({ name, items, quick, libraries = PEERS }) {
  const fn = functions[name]
  const plain = {
    // The `map` of typed arrays is several times slower than a loop.
    'plain loop': () => {
      const results = new items.constructor(items.length)
      for (let i = 0; i < items.length; i++) results[i] = fn(items[i])
      return results
    },
    'plain map': () => items.map((item) => fn(item)),
  }
  const map = (pool) => ranged(pool, name, quick)
  return contenders({ name, items, quick, libraries, settings: CHUNKS, plain, map }, 'by ranges')
}

async function contenders({ name, items, quick, libraries, settings, plain, map }, how) {
  const fn = functions[name]
  let expected
  let results
  const timed = (work) => async () => [
    await time(async () => {
      results = await work()
    }),
  ]
  const found = Object.fromEntries(Object.entries(plain).map(([contender, work]) => [contender, timed(work)]))
  const notes = {}
  for (const [library, pool] of Object.entries(await openPeers({ settings, libraries }))) {
    const byHand = map(pool)
    found[`${library}, ${how}`] = timed(() => byHand(items))
    notes[`${library}, ${how}`] = byHand.note
  }
  await warmup()
  const ours = rehearsed((all) => parMap(all, inWorkers[name]), quick)
  found.everycore = timed(() => ours(items))
  return {
    contenders: found,
    check() {
      expected ??= items.map((item) => fn(item))
      return isDeepStrictEqual(results, expected) ? undefined : 'wrong results'
    },
    close: () => undefined,
    notes: () => Object.fromEntries(Object.entries(notes).map(([contender, note]) => [contender, note()])),
  }
}
