// Random lazy maps, left at random points, yield what a sequential model yields; they never pull ahead of their bound and close their source once.

import test from 'ava'
import * as fc from 'fast-check'

import { createPool, lazyParMap, taskInfo } from 'everycore'
import { sleep, turn } from './fixtures/watched.ts'

/** How an item behaves: it fails so many times, then gives its value; after so many turns each. */
interface Item {
  failures: number
  turns: number
  rejectedItem: boolean
}
interface Plan {
  items: Item[]
  retries: number
  onError: 'stop' | 'return'
  preserveOrder: boolean
  concurrency: number
  buffer: number
  kind: 'array' | 'sync' | 'async'
  /** The source throws in the place of this item. */
  breakAt: number | undefined
  /** The consumer goes after so many results, in one of several ways. */
  leaveAt: number | undefined
  leaveBy: 'break' | 'throw' | 'return' | 'signal'
  /** Calls of `next` at a time. */
  asking: number
}

/** The model: one item after the other, until the end or until the consumer has enough. */
function expected({ items, retries, onError, breakAt }: Plan): { yields: string[]; error: string | undefined } {
  const yields: string[] = []
  for (const [index, { failures, rejectedItem }] of items.entries()) {
    if (index === breakAt) return { yields, error: 'source' }
    let error: string | undefined
    let value: string | undefined
    if (rejectedItem) error = `item ${index}`
    for (let attempt = 1; error === undefined && value === undefined; attempt++) {
      if (attempt > failures) value = `value ${index}`
      else if (attempt > retries) error = `failure ${index}.${attempt}`
    }
    if (value !== undefined) yields.push(value)
    else if (onError === 'return') yields.push(error!)
    else return { yields, error }
  }
  return { yields, error: breakAt === items.length ? 'source' : undefined }
}

const plans: fc.Arbitrary<Plan> = fc.record({
  items: fc.array(
    fc.record({
      failures: fc.integer({ min: 0, max: 8 }).map((n) => Math.max(0, n - 5)),
      turns: fc.integer({ min: 0, max: 3 }),
      rejectedItem: fc.integer({ min: 0, max: 19 }).map((n) => n === 0),
    }),
    { maxLength: 30 },
  ),
  retries: fc.integer({ min: 0, max: 3 }),
  onError: fc.constantFrom('stop', 'return'),
  preserveOrder: fc.boolean(),
  concurrency: fc.integer({ min: 1, max: 8 }),
  buffer: fc.integer({ min: 1, max: 10 }),
  kind: fc.constantFrom('array', 'sync', 'async'),
  breakAt: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined, freq: 2 }),
  leaveAt: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined, freq: 2 }),
  leaveBy: fc.constantFrom('break', 'throw', 'return', 'signal'),
  asking: fc.integer({ min: 1, max: 4 }),
})

/** An array cannot break. */
const possible = (plan: Plan): Plan => (plan.kind === 'array' ? { ...plan, breakAt: undefined } : plan)

class Watch {
  pulls = 0
  closes = 0
  running = 0
  most = 0
  yielded = 0
  ahead = 0
  started = 0

  look(): void {
    this.ahead = Math.max(this.ahead, this.pulls - this.yielded)
  }
}

/** Handled, because a flow that is left before its start never looks at its items. */
function rejected(index: number): Promise<never> {
  const item = Promise.reject(new Error(`item ${index}`))
  item.catch(() => {})
  return item
}

function sourceOf(plan: Plan, watch: Watch): AsyncIterable<number> {
  const step = (): IteratorResult<unknown> => {
    const index = watch.pulls++
    if (index === plan.breakAt) throw new Error('source')
    if (index >= plan.items.length) return { done: true, value: undefined }
    watch.look()
    return { done: false, value: plan.items[index]!.rejectedItem ? rejected(index) : index }
  }
  const back = (): IteratorResult<unknown> => {
    watch.closes++
    return { done: true, value: undefined }
  }
  return {
    array: () => plan.items.map((item, index) => (item.rejectedItem ? rejected(index) : index)),
    sync: () => ({ [Symbol.iterator]: () => ({ next: step, return: back }) }),
    async: () => ({ [Symbol.asyncIterator]: () => ({ next: async () => step(), return: async () => back() }) }),
  }[plan.kind]() as AsyncIterable<number>
}

/** The death of a worker is the failure of the item that ran in it. */
function messageOf(error: unknown): string {
  const { code, message } = error as Error & { code?: string }
  if (code !== 'ERR_WORKER_EXIT') return message
  const { index, attempt } = taskInfo(error)!
  return `failure ${index}.${attempt}`
}
const shown = (result: unknown): string => (result instanceof Error ? messageOf(result) : (result as string))

/** Consumes as the plan says. Gives what came, and the error it ended with. */
async function consume(
  plan: Plan,
  flow: AsyncGenerator<unknown> | ReturnType<typeof lazyParMap>,
  watch: Watch,
  controller: AbortController,
): Promise<{ yields: string[]; error: string | undefined; left: boolean }> {
  const yields: string[] = []
  let left = plan.leaveAt === 0
  try {
    if (left && plan.leaveBy !== 'signal') {
      await flow.return(undefined as never)
      return { yields, error: undefined, left }
    }
    if (left) controller.abort(new Error('left'))
    if (plan.asking === 1) {
      for await (const result of flow) {
        watch.yielded++
        yields.push(shown(result))
        if (yields.length !== plan.leaveAt) continue
        left = true
        if (plan.leaveBy === 'break') break
        if (plan.leaveBy === 'throw') throw new Error('left')
        if (plan.leaveBy === 'return') await flow.return(undefined as never)
        else controller.abort(new Error('left'))
      }
      return { yields, error: undefined, left }
    }
    // Several at a time: their answers come in order, values first, then at most one error, then ends.
    for (;;) {
      const steps = await Promise.allSettled(
        Array.from({ length: plan.asking }, async () => {
          const step = await flow.next()
          if (!step.done) watch.yielded++
          return step
        }),
      )
      let over = false
      for (const [at, step] of steps.entries()) {
        if (step.status === 'rejected') {
          for (const later of steps.slice(at + 1))
            if (later.status === 'rejected' || !later.value.done) throw new Error('something behind the error')
          throw step.reason
        }
        if (!step.value.done && over) throw new Error('something behind the end')
        if (step.value.done) over = true
        else yields.push(shown(step.value.value))
      }
      if (over) return { yields, error: undefined, left }
      if (plan.leaveAt !== undefined && yields.length >= plan.leaveAt) {
        left = true
        if (plan.leaveBy === 'signal') controller.abort(new Error('left'))
        else await flow.return(undefined as never)
      }
    }
  } catch (error) {
    return { yields, error: messageOf(error), left }
  }
}

function check(plan: Plan, watch: Watch, end: Awaited<ReturnType<typeof consume>>): void {
  const model = expected(plan)
  const { yields, left } = end
  if (watch.most > Math.min(plan.concurrency, plan.buffer)) throw new Error(`${watch.most} ran at a time`)
  if (watch.ahead > plan.buffer) throw new Error(`${watch.ahead} pulled ahead`)
  if (plan.preserveOrder) {
    const front = model.yields.slice(0, yields.length)
    if (yields.join() !== front.join()) throw new Error(`yielded ${yields.join()} and not ${front.join()}`)
  } else {
    const known = new Set(expected({ ...plan, onError: 'return' }).yields)
    for (const result of yields) if (!known.delete(result)) throw new Error(`${result} out of nowhere`)
  }
  if (left) {
    if (end.error !== undefined && end.error !== 'left') throw new Error(`left with ${end.error}`)
  } else {
    if (plan.preserveOrder ? end.error !== model.error : (end.error === undefined) !== (model.error === undefined))
      throw new Error(`ended with ${end.error} and not ${model.error}`)
    if ((plan.preserveOrder || model.error === undefined) && yields.length !== model.yields.length)
      throw new Error(`${yields.length} results and not ${model.yields.length}`)
  }
  if (plan.kind === 'array') return
  const byItself = watch.pulls > Math.min(plan.items.length, plan.breakAt ?? Infinity)
  // The word of the end may have been on its way when the flow ended.
  const early = plan.kind === 'async' && (left || end.error !== undefined) ? watch.closes <= 1 : watch.closes === 0
  const untouched = left && plan.leaveAt === 0
  if (!(untouched ? watch.pulls + watch.closes === 0 : byItself ? early : watch.closes === 1))
    throw new Error(`closed ${watch.closes} times after ${watch.pulls} pulls`)
}

test('random flows on the caller', async (t) => {
  await fc.assert(
    fc.asyncProperty(plans, async (given) => {
      const plan = possible(given)
      const watch = new Watch()
      const controller = new AbortController()
      const calls = plan.items.map(() => 0)
      const flow = lazyParMap(
        sourceOf(plan, watch),
        async (item, index, { attempt }) => {
          const spec = plan.items[index]!
          if (item !== index || attempt !== ++calls[index]!) throw new Error('wrong item or attempt')
          watch.most = Math.max(watch.most, ++watch.running)
          for (let at = 0; at < spec.turns; at++) await (at === 2 ? turn() : null)
          watch.running--
          if (attempt <= spec.failures) throw new Error(`failure ${index}.${attempt}`)
          return `value ${index}`
        },
        {
          retries: plan.retries,
          onError: plan.onError,
          preserveOrder: plan.preserveOrder,
          concurrency: plan.concurrency,
          buffer: plan.buffer,
          signal: controller.signal,
        },
      )
      const end = await consume(plan, flow, watch, controller)
      await sleep(0)
      check(plan, watch, end)
    }),
    { numRuns: 1500, includeErrorInReport: true },
  )
  t.pass()
})

for (const [how, dies, numRuns] of [
  ['in workers', false, 400],
  ['in workers that die', true, 40],
] as const) {
  test(`random flows ${how}`, async (t) => {
    await using pool = createPool({ workers: 2 })
    await fc.assert(
      fc.asyncProperty(
        plans,
        fc.constantFrom(1, 3, 'auto' as const),
        fc.constantFrom('high' as const, 'normal' as const, 'low' as const),
        async (given, chunk, priority) => {
          const plan = possible(given)
          const watch = new Watch()
          const controller = new AbortController()
          const flow = pool.lazyParMap(
            sourceOf(plan, watch),
            (item, index, { attempt, use }) => {
              if (item !== index) throw new Error('wrong item')
              if (attempt > use.failures[index]!) return `value ${index}`
              if (use.dies) process.exit(3)
              throw new Error(`failure ${index}.${attempt}`)
            },
            {
              use: { failures: plan.items.map(({ failures }) => failures), dies },
              retries: plan.retries,
              onError: plan.onError,
              preserveOrder: plan.preserveOrder,
              buffer: plan.buffer,
              signal: controller.signal,
              chunk,
              priority,
            },
          )
          const end = await consume(plan, flow, watch, controller)
          await sleep(0)
          check(plan, watch, end)
        },
      ),
      { numRuns, includeErrorInReport: true },
    )
    t.pass()
  })
}
