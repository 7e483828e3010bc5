// Random batches, here and in workers, give what a sequential model gives.

import test from 'ava'
import * as fc from 'fast-check'

import { batch, createPool, ParallelError } from 'everycore'
import { sleep, turn, watched, watchedLater } from './fixtures/watched.ts'

interface Plan {
  count: number
  size: number
  concurrency: number
  retries: number
  preserveOrder: boolean
  onError: 'collect' | 'stop' | 'return'
  kind: 'array' | 'sync' | 'async'
  /** How often each batch fails before it gives its results, and how many results each item of it is good for. */
  batches: { failures: number; results: number }[]
}

const plans: fc.Arbitrary<Plan> = fc.record({
  count: fc.integer({ min: 0, max: 60 }),
  size: fc.integer({ min: 1, max: 8 }),
  concurrency: fc.integer({ min: 1, max: 6 }),
  retries: fc.integer({ min: 0, max: 2 }),
  preserveOrder: fc.boolean(),
  onError: fc.constantFrom('collect', 'stop', 'return'),
  kind: fc.constantFrom('array', 'sync', 'async'),
  batches: fc.array(
    fc.record({
      failures: fc.integer({ min: 0, max: 6 }).map((n) => Math.max(0, n - 3)),
      results: fc.integer({ min: 0, max: 3 }),
    }),
    { minLength: 60, maxLength: 60 },
  ),
})

const hole = '(hole)'

/** The model: one batch after the other. */
function expected({ count, size, retries, onError, batches }: Plan): { lists: string[][]; failed: number } {
  const lists: string[][] = []
  let failed = 0
  for (let at = 0; at < count; at += size) {
    const index = lists.length
    const { failures, results } = batches[index]!
    if (failures > retries) {
      failed++
      lists.push([onError === 'return' ? `failure ${index}.${retries + 1}` : hole])
      continue
    }
    const list: string[] = []
    for (let item = at; item < Math.min(at + size, count); item++)
      for (let n = 0; n < results; n++) list.push(`${item}.${n}`)
    lists.push(list)
  }
  return { lists, failed }
}

const fn = (
  items: number[],
  index: number,
  { attempt, use }: { attempt: number; use: { batches: Plan['batches'] } },
): string[] | undefined => {
  const { failures, results } = use.batches[index]!
  if (attempt <= failures) throw new Error(`failure ${index}.${attempt}`)
  const list = items.flatMap((item) => Array.from({ length: results }, (_, n) => `${item}.${n}`))
  return list.length === 0 ? undefined : list
}

const shown = (results: readonly unknown[]): string[] =>
  Array.from(results, (result, at) => {
    if (!(at in results)) return hole
    return result instanceof Error ? result.message : (result as string)
  })

async function play(plan: Plan, run: (items: Iterable<number>) => ReturnType<typeof batch>): Promise<void> {
  const source = (plan.kind === 'async' ? watchedLater : watched)(plan.count)
  const items = plan.kind === 'array' ? Array.from({ length: plan.count }, (_, i) => i) : source.items
  const job = run(items as Iterable<number>)
  const outcome = await job.then(
    (results) => ({ results: results as unknown[], error: undefined }),
    (error: unknown) => ({ results: undefined, error }),
  )
  const { lists, failed } = expected(plan)
  if (plan.onError === 'stop' && failed > 0) {
    if (!/^failure \d+\.\d$/.test((outcome.error as Error).message)) throw new Error('stopped by a stranger')
    await sleep(0)
    if (source.closes > 1) throw new Error(`closed ${source.closes} times`)
    return
  }
  if (source.closes > 0) throw new Error('a source that ended by itself was closed')
  if (plan.onError === 'collect' && (outcome.error !== undefined) !== failed > 0) throw new Error('wrong end')
  const results = shown(outcome.results ?? (outcome.error as ParallelError).results)
  const model = lists.flat()
  if (plan.preserveOrder) {
    if (results.join() !== model.join()) throw new Error(`${results.join()} and not ${model.join()}`)
  } else if (results.toSorted().join() !== model.toSorted().join()) throw new Error(`${results.join()}`)
  const { done, total } = job.progress
  if (done !== plan.count || total !== plan.count) throw new Error(`${done} of ${total} items`)
  const settled = await job.settled()
  for (const [index, one] of settled.entries()) {
    const wanted = lists[index]!
    if (one.status === 'fulfilled' && (one.value as string[]).join() !== wanted.join())
      throw new Error(`batch ${index} gave ${(one.value as string[]).join()}`)
    if ((one.status === 'rejected') !== plan.batches[index]!.failures > plan.retries) throw new Error(`batch ${index}`)
  }
  if (settled.length !== lists.length) throw new Error(`${settled.length} batches`)
}

const optionsOf = ({ size, concurrency, retries, preserveOrder, onError, batches }: Plan) => ({
  ...{ size, concurrency, retries, preserveOrder, onError },
  use: { batches },
})

test('on the caller', async (t) => {
  await fc.assert(
    fc.asyncProperty(plans, fc.option(fc.constant(5), { nil: undefined }), async (plan, every) => {
      let running = 0
      await play(plan, (items) =>
        batch(
          items,
          async (some, index, ctx) => {
            if (++running > plan.concurrency) throw new Error('more in flight than concurrency')
            if (index % 3 === 0) await turn()
            running--
            return fn(some, index, ctx)
          },
          { ...optionsOf(plan), every: plan.kind === 'async' ? undefined : every },
        ),
      )
    }),
    { numRuns: 700, includeErrorInReport: true },
  )
  t.pass()
})

test('in workers', async (t) => {
  await using pool = createPool({ workers: 2 })
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => play(plan, (items) => pool.batch(items, fn, optionsOf(plan)))),
    { numRuns: 300, includeErrorInReport: true },
  )
  t.pass()
})
