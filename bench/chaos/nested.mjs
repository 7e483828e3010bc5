/** The item that makes calls itself: apart, for it needs the library in its worker, and that is a lot to load for a worker that lives for a moment. */
import { parMap, workerModule } from 'everycore'
import { outcomeOf } from './judge.mjs'
import { begin, end } from './tasks.mjs'

const tasks = workerModule(new URL('tasks.mjs', import.meta.url))

/** A map within the item. */
export async function countWithin({ code, codes }, _index, { attempt }) {
  const n = begin(code, attempt)
  const outcomes = await parMap(codes, tasks.count, { onError: 'return' })
  return { value: end(n), outcomes: outcomes.map(outcomeOf) }
}
