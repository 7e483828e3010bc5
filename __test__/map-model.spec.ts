// Random maps on the caller lane give what a sequential model of forty lines gives.

import test from 'ava'
import * as fc from 'fast-check'

import { parMap, ParallelError } from 'everycore'
import { sleep } from './fixtures/watched.ts'

/** How an item behaves: it fails so many times, then gives its value; after so many turns each. */
interface Item {
  failures: number
  turns: number
  rejectedItem: boolean
}
interface Plan {
  items: Item[]
  retries: number
  onError: 'collect' | 'stop' | 'return'
  concurrency: number
  kind: 'array' | 'sync' | 'async'
  breakAt: number | undefined
  cancelAt: number | undefined
}

/** The model: one item after the other. */
function expected({ items, retries, breakAt }: Plan): {
  values: Map<number, string>
  errors: Map<number, string>
  attempts: number[]
  broken: boolean
} {
  const values = new Map<number, string>()
  const errors = new Map<number, string>()
  const attempts: number[] = []
  for (const [index, { failures, rejectedItem }] of items.entries()) {
    if (index === breakAt) return { values, errors, attempts, broken: true }
    if (rejectedItem) {
      attempts.push(0)
      errors.set(index, `item ${index}`)
      continue
    }
    for (let attempt = 1; ; attempt++) {
      attempts[index] = attempt
      if (attempt > failures) {
        values.set(index, `value ${index}`)
        break
      }
      if (attempt > retries) {
        errors.set(index, `failure ${index}.${attempt}`)
        break
      }
    }
  }
  return { values, errors, attempts, broken: breakAt === items.length }
}

const plans: fc.Arbitrary<Plan> = fc.record({
  items: fc.array(
    fc.record({
      failures: fc.integer({ min: 0, max: 3 }),
      turns: fc.integer({ min: 0, max: 3 }),
      rejectedItem: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
    }),
    { maxLength: 40 },
  ),
  retries: fc.integer({ min: 0, max: 3 }),
  onError: fc.constantFrom('collect', 'stop', 'return'),
  concurrency: fc.integer({ min: 1, max: 8 }),
  kind: fc.constantFrom('array', 'sync', 'async'),
  breakAt: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined, freq: 5 }),
  cancelAt: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined, freq: 5 }),
})

const messageOf = (error: unknown): string => (error as Error).message

test('random maps', async (t) => {
  await fc.assert(
    fc.asyncProperty(plans, async (given) => {
      // An array cannot break.
      const plan: Plan = { ...given, breakAt: given.kind === 'array' ? undefined : given.breakAt }
      const model = expected(plan)
      const watch = { pulls: 0, closes: 0, running: 0, most: 0, calls: plan.items.map(() => 0) }
      const step = (): IteratorResult<unknown> => {
        const index = watch.pulls++
        if (index === plan.breakAt) throw new Error('source')
        if (index >= plan.items.length) return { done: true, value: undefined }
        return {
          done: false,
          value: plan.items[index]!.rejectedItem ? Promise.reject(new Error(`item ${index}`)) : index,
        }
      }
      const back = (): IteratorResult<unknown> => {
        watch.closes++
        return { done: true, value: undefined }
      }
      const source = {
        array: () =>
          plan.items.map((item, index) => (item.rejectedItem ? Promise.reject(new Error(`item ${index}`)) : index)),
        sync: () => ({ [Symbol.iterator]: () => ({ next: step, return: back }) }),
        async: () => ({ [Symbol.asyncIterator]: () => ({ next: async () => step(), return: async () => back() }) }),
      }[plan.kind]()
      const job = parMap(
        source as Iterable<unknown>,
        async (item, index, { attempt }) => {
          const spec = plan.items[index]!
          if (item !== index || attempt !== ++watch.calls[index]!) throw new Error('wrong item or attempt')
          watch.most = Math.max(watch.most, ++watch.running)
          for (let turn = 0; turn < spec.turns; turn++) await null
          watch.running--
          if (plan.cancelAt === index) job.cancel(new Error('cancelled'))
          if (attempt <= spec.failures) throw new Error(`failure ${index}.${attempt}`)
          return `value ${index}`
        },
        { retries: plan.retries, onError: plan.onError, concurrency: plan.concurrency },
      )
      const outcome = await job.then(
        (results) => ({ results, error: undefined }),
        (error: unknown) => ({ results: undefined, error }),
      )

      const cancelled = outcome.error !== undefined && messageOf(outcome.error) === 'cancelled'
      const broken = outcome.error !== undefined && messageOf(outcome.error) === 'source'
      if (watch.most > plan.concurrency) throw new Error('more in flight than concurrency')
      if (cancelled && (plan.cancelAt === undefined || watch.calls[plan.cancelAt] === 0))
        throw new Error('cancelled by nobody')
      if (broken && !model.broken) throw new Error('broken by nobody')

      // What ended before the job did, ended as in the model.
      const outcomes = await job.settled()
      for (const [index, one] of outcomes.entries()) {
        if (one.status === 'fulfilled' && one.value !== model.values.get(index))
          throw new Error(`item ${index} gave ${one.value}`)
        if (
          one.status === 'rejected' &&
          one.reason !== outcome.error &&
          messageOf(one.reason) !== model.errors.get(index)
        )
          throw new Error(`item ${index} failed with ${messageOf(one.reason)}`)
      }
      if (plan.kind !== 'array') {
        const endedByItself = broken || watch.pulls > plan.items.length
        await sleep(0)
        // A job may end while the word of the source's end is on its way.
        const early =
          plan.kind === 'async' && (cancelled || plan.onError === 'stop') ? watch.closes <= 1 : watch.closes === 0
        if (!(endedByItself ? early : watch.closes === 1)) throw new Error(`closed ${watch.closes} times`)
      }
      if (cancelled || broken) return
      if (plan.onError === 'stop' && model.errors.size > 0) {
        if (![...model.errors.values()].includes(messageOf(outcome.error))) throw new Error('stopped by a stranger')
        return
      }
      // The job went through: everything is as in the model.
      if (watch.calls.some((calls, index) => calls !== model.attempts[index]))
        throw new Error('wrong number of attempts')
      const results = (outcome.results ?? (outcome.error as ParallelError).results) as unknown[]
      if (results.length !== plan.items.length) throw new Error('wrong number of results')
      for (const index of plan.items.keys()) {
        const wrong = model.errors.get(index)
        if (wrong === undefined) {
          if (results[index] !== model.values.get(index)) throw new Error(`result ${index}`)
        } else if (plan.onError === 'return') {
          if (messageOf(results[index]) !== wrong) throw new Error(`error ${index}`)
        } else if (index in results) throw new Error(`no hole at ${index}`)
      }
      if (plan.onError === 'collect' && (outcome.error !== undefined) !== model.errors.size > 0)
        throw new Error('wrong end')
    }),
    { numRuns: 1500 },
  )
  t.pass()
})
