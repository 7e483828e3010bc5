/** One call with a typed array of 64 MB: copied to the worker, and moved there. */
import { run, warmup } from 'everycore'
import { time } from './measure.mjs'
import { openPeers } from './peers/open.mjs'
import { sum } from './work/functions.mjs'
import { inWorkers } from './work/maps.mjs'

export const title = 'One call with a Float64Array of 64 MB, its sum'
export const goal = { peers: 1 }
export const rounds = 7

export async function open(quick) {
  const array = Float64Array.from({ length: quick ? 1000 : 8_000_000 }, (_, i) => i % 1000)
  const expected = sum(array)
  let result
  const contender = (call) => async () => {
    // Whoever moves it, moves a copy of its own, made before the clock starts.
    const mine = array.slice()
    return [
      await time(async () => {
        result = await call(mine)
      }),
    ]
  }
  const contenders = { 'plain loop': contender(sum) }
  for (const [library, pool] of Object.entries(await openPeers())) {
    contenders[`${library}, copied`] = contender((mine) => pool.call('sum', mine))
    if (pool.move !== undefined)
      contenders[`${library}, moved`] = contender((mine) => pool.move('sum', mine, [mine.buffer]))
  }
  await warmup()
  contenders['everycore, copied'] = contender((mine) => run(inWorkers.sum, [mine]))
  contenders['everycore, moved'] = contender((mine) => run(inWorkers.sum, [mine], { transfer: [mine.buffer] }))
  return { contenders, check: () => (result === expected ? undefined : 'wrong sum'), close: () => undefined }
}
