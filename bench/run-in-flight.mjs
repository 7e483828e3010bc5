/** 20,000 small calls, all in flight at once. */
import { isDeepStrictEqual } from 'node:util'
import { run, warmup } from 'everycore'
import { time } from './measure.mjs'
import { openPeers, SMALL_CALLS } from './peers/open.mjs'
import { inWorkers } from './work/maps.mjs'

export const title = '20,000 small calls in flight'
export const goal = { peers: 10 }
export const rounds = 10

export async function open(quick) {
  const calls = Array.from({ length: quick ? 200 : 20_000 }, (_, i) => i)
  const expected = calls.map((i) => i + 1)
  let results
  const contender = (call) => async () => [
    await time(async () => {
      results = await Promise.all(calls.map(call))
    }),
  ]
  const contenders = {}
  for (const [library, pool] of Object.entries(await openPeers({ settings: SMALL_CALLS })))
    contenders[library] = contender((i) => pool.call('increment', i))
  await warmup()
  contenders.everycore = contender((i) => run(inWorkers.increment, [i]))
  const check = () => (isDeepStrictEqual(results, expected) ? undefined : 'wrong results')
  return { contenders, check, close: () => undefined }
}
