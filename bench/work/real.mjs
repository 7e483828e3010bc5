/** Real work, written by others: one thread, peers one by one (each item is large enough), and `parMap`. */
import { isDeepStrictEqual } from 'node:util'
import { parMap, warmup } from 'everycore'
import { time } from '../measure.mjs'
import { openPeers } from '../peers/open.mjs'
import { functions } from './functions.mjs'
import { inWorkers } from './maps.mjs'

export async function openReal(name, items) {
  const fn = functions[name]
  let results
  let expected
  const contender = (map) => async () => [
    await time(async () => {
      results = await map()
    }),
  ]
  const contenders = {
    'plain loop': contender(async () => {
      const made = []
      for (const item of items) made.push(await fn(item))
      return made
    }),
  }
  for (const [library, pool] of Object.entries(await openPeers()))
    contenders[library] = contender(() => Promise.all(items.map((item) => pool.call(name, item))))
  await warmup()
  contenders.everycore = contender(() => parMap(items, inWorkers[name]))
  const check = () => {
    // The plain loop comes first.
    expected ??= results
    return results.length === items.length && isDeepStrictEqual(results, expected) ? undefined : 'wrong results'
  }
  return { contenders, check, close: () => undefined }
}
