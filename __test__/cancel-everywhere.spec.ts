// A signal, or `cancel`, ends every verb in every lane at every state: with its reason, at once, and nothing is left behind.

import test from 'ava'

import { createPool, currentTask, type Pool } from 'everycore'
import { assertIdle } from 'everycore/testing'

/** What runs tells that it has begun, and goes on until it is stopped. `run` and `par` give no context to plain functions that stay here. */
const here = async (): Promise<unknown> => {
  const { signal, use } = currentTask() as never as Ctx
  use.begun[0] = 1
  return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason as Error)))
}
const there = (_: unknown, ctx: Ctx): void => {
  ctx.use.begun[0] = 1
  while (!ctx.aborted);
}
// Maps give an index between item and context.
const itemThere = (_: unknown, _index: number, ctx: Ctx): void => {
  ctx.use.begun[0] = 1
  while (!ctx.aborted);
}

interface Ctx {
  readonly use: { readonly begun: Int32Array }
  readonly signal: AbortSignal
  readonly aborted: boolean
}
interface Options {
  readonly signal?: AbortSignal
  readonly on: 'caller' | 'workers'
  readonly use: { readonly begun: Int32Array }
}
interface Underway extends Promise<unknown> {
  cancel?(reason?: unknown): void
  readonly state?: string
}

const callOf = { caller: here as never, workers: there as never }
const itemOf = { caller: here as never, workers: itemThere as never }

const verbs: Record<string, (pool: Pool, options: Options) => Underway> = {
  run: (pool, options) => pool.run(callOf[options.on], [0] as never, options),
  par: (pool, options) => pool.par([callOf[options.on]], [0] as never, options),
  parMap: (pool, options) => pool.parMap([1, 2, 3], itemOf[options.on], options),
  batch: (pool, options) => pool.batch([1, 2, 3], itemOf[options.on], { ...options, size: 1 }),
  lazyParMap: (pool, options) => pool.lazyParMap([1, 2, 3], itemOf[options.on], options).next(),
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const outcome = (job: Promise<unknown>): Promise<unknown> =>
  job.then(
    () => 'resolved',
    (reason: unknown) => reason,
  )

for (const [verb, call] of Object.entries(verbs)) {
  for (const on of ['caller', 'workers'] as const) {
    test(`${verb}, ${on === 'caller' ? 'here' : 'in workers'}`, async (t) => {
      await using pool = createPool({ workers: 1, name: `${verb}-${on}` })
      const fresh = (): Options['use'] => ({ begun: new Int32Array(new SharedArrayBuffer(4)) })
      const ways = [
        (controller: AbortController) => controller.abort(reason),
        (_: AbortController, job: Underway) => job.cancel?.(reason),
      ]
      const reason = new Error('enough')

      const never = fresh()
      t.is(await outcome(call(pool, { on, use: never, signal: AbortSignal.abort(reason) })), reason, 'before it began')
      t.is(never.begun[0], 0)

      for (const [at, end] of ways.entries()) {
        if (at === 1 && verb === 'lazyParMap') continue
        // At once: nothing has started.
        const controller = new AbortController()
        const queued = call(pool, { on, use: fresh(), signal: controller.signal })
        end(controller, queued)
        t.is(await outcome(queued), reason, 'while it was queued')

        const use = fresh()
        const later = new AbortController()
        const running = call(pool, { on, use, signal: later.signal })
        while (use.begun[0] === 0) await turn()
        end(later, running)
        t.is(await outcome(running), reason, 'while it ran')
        if (running.state !== undefined) t.is(running.state, 'cancelled')

        // It has ended: nothing changes.
        end(later, running)
        t.is(await outcome(running), reason)
      }
      await pool.close()
      assertIdle(pool)
    })
  }
}

for (const verb of ['parMap', 'batch', 'lazyParMap'] as const) {
  for (const on of ['caller', 'workers'] as const) {
    test(`${verb}, ${on}: from inside onProgress, which may also be called again meanwhile`, async (t) => {
      await using pool = createPool({ workers: 1 })
      const controller = new AbortController()
      const reason = new Error('seen enough')
      const reports: number[] = []
      const options = {
        on,
        concurrency: 1,
        signal: controller.signal,
        onProgress: ({ done }: { done: number }) => {
          reports.push(done)
          controller.abort(reason)
        },
      }
      const items = Array.from({ length: 100 }, (_, i) => i)
      const work = ((x: unknown) => x) as never
      const ended = {
        parMap: () => pool.parMap(items, work, options),
        batch: () => pool.batch(items, work, { ...options, size: 1 }),
        lazyParMap: async () => {
          for await (const _ of pool.lazyParMap(items, work, options));
        },
      }[verb]
      t.is(await outcome(ended()), reason)
      // The one that ended it, and at most the last one, made while that one was.
      t.true(reports.length <= 2 && reports.every((done) => done < 100), reports.join())
      await pool.close()
      assertIdle(pool)
    })
  }
}
