/** One call at a time, there and back: what both round-trip workloads measure. */
import { setTimeout as sleep } from 'node:timers/promises'
import { run, warmup } from 'everycore'
import { openPeers } from '../peers/open.mjs'
import { inWorkers } from './maps.mjs'

/** Contenders that time `trips` single calls, resting `restMs` before each. */
export async function openTrips(trips, restMs) {
  let wrong = 0
  const contender = (call) => async () => {
    const durations = []
    for (let i = 0; i < trips; i++) {
      if (restMs > 0) await sleep(restMs)
      const start = performance.now()
      const answer = await call(i)
      durations.push(performance.now() - start)
      if (answer !== i + 1) wrong++
    }
    return durations
  }
  const contenders = {}
  for (const [library, pool] of Object.entries(await openPeers()))
    contenders[library] = contender((i) => pool.call('increment', i))
  await warmup()
  contenders.everycore = contender((i) => run(inWorkers.increment, [i]))
  return { contenders, check: () => (wrong === 0 ? undefined : `${wrong} wrong results`), close: () => undefined }
}
