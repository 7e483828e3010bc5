/** Closures of async functions on the calling thread, 32 in flight: what both workloads of the caller lane measure. */
import { Readable } from 'node:stream'
import { isDeepStrictEqual } from 'node:util'
import { parMap } from 'everycore'
import pMap from 'p-map'
import { time } from '../measure.mjs'

const CONCURRENCY = 32

/** `options` are those of p-map and of `parMap`, beside the concurrency. */
export function callerLane({ quick, pMapOptions, parMapOptions }) {
  const items = Array.from({ length: quick ? 500 : 100_000 }, (_, i) => i)
  const offset = 7
  const fn = async (x) => x + offset
  const expected = items.map((x) => x + offset)
  let results
  const timed = (work) => async () => [
    await time(async () => {
      results = await work()
    }),
  ]
  const concurrency = CONCURRENCY
  const contenders = {
    'p-map': timed(() => pMap(items, fn, { concurrency, ...pMapOptions() })),
    'Readable.map': timed(() => Readable.from(items).map(fn, { concurrency }).toArray()),
    'plain Promise.all, unbounded': timed(() => Promise.all(items.map(fn))),
    everycore: timed(() => parMap(items, fn, { concurrency, ...parMapOptions() })),
  }
  return { contenders, check: () => (isDeepStrictEqual(results, expected) ? undefined : 'wrong results') }
}
