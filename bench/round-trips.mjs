/** One call at a time, there and back: what both round-trip workloads measure. */
import { setTimeout as sleep } from 'node:timers/promises'
import { openPools } from './peers/pools.mjs'

/** Contenders that time `trips` single calls, resting `restMs` before each. */
export async function openTrips(trips, restMs) {
  const { pools, close } = await openPools()
  let wrong = 0
  const contender = (call) => async () => {
    const durations = []
    for (let i = 0; i < trips; i++) {
      if (restMs > 0) await sleep(restMs)
      const start = performance.now()
      const sum = await call(i, 1)
      durations.push(performance.now() - start)
      if (sum !== i + 1) wrong++
    }
    return durations
  }
  const contenders = Object.fromEntries(Object.entries(pools).map(([name, call]) => [name, contender(call)]))
  return { contenders, check: () => (wrong === 0 ? undefined : `${wrong} wrong results`), close }
}
