// `pool.stats()` and `pool.metrics()`: how a pool stands, and what became of its jobs, by name.

import test from 'ava'

import { createPool, par, run, workerModule, type Context, type FunctionMetrics, type Pool } from 'everycore'
import { resultOf } from './fixtures/process.ts'
import { makeRoom, told, words } from './fixtures/shared.ts'
import { sleep, turn } from './fixtures/watched.ts'

await makeRoom()

const counts = ({ total, completed, failed, cancelled, timedOut, retried }: FunctionMetrics) => ({
  total,
  completed,
  failed,
  cancelled,
  timedOut,
  retried,
})
const metricsOf = (pool: Pool, name: string) => counts(pool.metrics().functions[name]!)
const none = { total: 0, completed: 0, failed: 0, cancelled: 0, timedOut: 0, retried: 0 }

/** Tells that it runs, then waits to be let go. */
const hold = (_x: number, ctx: { use: { gate: Int32Array } }): void => {
  Atomics.store(ctx.use.gate, 1, 1)
  Atomics.notify(ctx.use.gate, 1)
  Atomics.wait(ctx.use.gate, 0, 0)
}

function letGo(gate: Int32Array): void {
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
}

test('a pool that was never used, and one that is closed', async (t) => {
  const pool = createPool({ workers: 2 })
  const nothing = {
    health: 'ok',
    workers: { busy: 0, idle: 0, starting: 0, started: 0, replaced: 0 },
    queueLength: 0,
    nativeThreads: 0,
    running: 0,
  }
  t.deepEqual(pool.stats(), nothing)
  t.deepEqual({ ...pool.metrics().functions }, {})
  await pool.run(function once() {})
  await pool.close()
  t.deepEqual(pool.stats(), nothing)
  t.like(pool.metrics().functions, { once: { completed: 1 } })
})

test('stats: what runs, what waits, and the workers', async (t) => {
  await using pool = createPool({ workers: 1 })
  const gate = words(2)
  const held = pool.run(hold, [0], { use: { gate } })
  const waiting = pool.parMap([1, 2, 3], (x) => x)
  t.is(pool.stats().workers.idle, 0)
  await told(gate, 1)
  await turn()
  t.deepEqual(pool.stats(), {
    health: 'ok',
    workers: { busy: 1, idle: 0, starting: 0, started: 1, replaced: 0 },
    queueLength: 3,
    nativeThreads: 0,
    running: 1,
  })
  letGo(gate)
  await Promise.all([held, waiting])
  t.like(pool.stats(), { queueLength: 0, running: 0, workers: { started: 1 } })
  await t.throwsAsync(
    pool.run(() => process.exit(1)),
    { code: 'ERR_WORKER_EXIT' },
  )
  await pool.run(() => 1)
  t.like(pool.stats().workers, { started: 2, replaced: 1 })
})

test('metrics: each item counts once, by its last attempt, in workers and here', async (t) => {
  await using pool = createPool({ workers: 2 })
  for (const on of ['workers', 'caller'] as const) {
    const name = `mixed ${on}`
    await pool
      .parMap(
        [0, 1, 2, 3],
        (x, _i, ctx) => {
          if (x === 1) throw new Error('always')
          if (x === 2 && ctx.attempt < 3) throw new Error('twice')
          return x
        },
        { on, name, retries: { times: 2, when: (error) => (error as Error).message === 'twice' } },
      )
      .settled()
    t.deepEqual(metricsOf(pool, name), { ...none, total: 4, completed: 3, failed: 1, retried: 2 }, on)
  }
})

test('metrics: timed out, at last or on the way', async (t) => {
  await using pool = createPool({ workers: 2 })
  for (const on of ['workers', 'caller'] as const) {
    const name = `slow ${on}`
    const endless = async (x: number, _i: number, ctx: Context) => {
      if (x === 0 || ctx.attempt === 1) await new Promise((resolve) => setTimeout(resolve, 10_000))
    }
    await pool.parMap([0, 1], endless, { on, name, timeout: 30, grace: 0, retries: 1, concurrency: 2 }).settled()
    t.deepEqual(metricsOf(pool, name), { ...none, total: 2, completed: 1, timedOut: 1, retried: 2 }, on)
  }
})

test('metrics: cancelled while it ran or waited', async (t) => {
  await using pool = createPool({ workers: 1 })
  const gate = words(2)
  const job = pool.parMap([0, 1], (x, _i, ctx) => ctx.use.hold(x, ctx), {
    use: { gate, hold },
    name: 'there',
    grace: 0,
  })
  await told(gate, 1)
  job.cancel()
  t.deepEqual(metricsOf(pool, 'there'), { ...none, total: 2, cancelled: 2 })
  const here = pool.parMap(
    [0, 1, 2],
    async (x) => {
      if (x === 1) here.cancel()
      await new Promise(() => {})
    },
    { name: 'here', concurrency: 2 },
  )
  await here.settled()
  t.deepEqual(metricsOf(pool, 'here'), { ...none, total: 2, cancelled: 2 }, 'the third was never handed over')
})

test('metrics: arguments that cannot be sent are failures', async (t) => {
  await using pool = createPool({ workers: 1 })
  const bad = (): void => {}
  const jobs = [bad, 1, bad].map((x) => pool.run(function sent(_x: unknown) {}, [x]))
  await Promise.allSettled(jobs)
  t.deepEqual(metricsOf(pool, 'sent'), { ...none, total: 3, completed: 1, failed: 2 })
  await pool.run(function sentAlone(_x: unknown) {}, [bad]).settled()
  t.deepEqual(metricsOf(pool, 'sentAlone'), { ...none, total: 1, failed: 1 })
  await pool.parMap([bad, 1], (x: unknown) => void x, { name: 'items' }).settled()
  t.deepEqual(metricsOf(pool, 'items'), { ...none, total: 2, completed: 1, failed: 1 })
})

test('metrics: how long items ran and waited', async (t) => {
  await using pool = createPool({ workers: 1 })
  const gate = words(2)
  const held = pool.run(hold, [0], { use: { gate }, name: 'held' })
  await told(gate, 1)
  const second = pool.run(function waits() {})
  await sleep(30)
  letGo(gate)
  await Promise.all([held, second])
  const { functions } = pool.metrics()
  for (const { runMs, waitMs } of Object.values(functions)) {
    for (const { mean, p50, p90, p99, max } of [runMs, waitMs]) {
      t.true(p50 <= p90 && p90 <= p99 && p99 <= max, 'in order')
      t.true(mean > 0 && mean <= max)
    }
  }
  t.true(functions['held']!.runMs.max >= 29, `ran for ${functions['held']!.runMs.max} ms`)
  t.true(functions['waits']!.waitMs.max >= 29, `waited for ${functions['waits']!.waitMs.max} ms`)
  t.true(functions['waits']!.runMs.max < functions['held']!.runMs.max)
})

test('metrics: items that await at the same time are timed each by itself', async (t) => {
  await using pool = createPool({ workers: 1 })
  const nap = async () => {
    await new Promise((resolve) => setTimeout(resolve, 40))
  }
  await pool.parMap(Array.from({ length: 10 }), nap, { on: 'workers', concurrency: 10, chunk: 10 })
  t.true(pool.metrics().functions['nap']!.runMs.p50 >= 38)
})

const kinds: Record<string, (n: number) => unknown> = {
  numbers: (n) => n,
  texts: (n) => `item ${n}`,
  records: (n) => ({ n }),
}

for (const [what, item] of Object.entries(kinds))
  test(`metrics: one that took long among quick ones: ${what}`, async (t) => {
    await using pool = createPool({ workers: 1 })
    const items = Array.from({ length: 400 }, (_, n) => item(n))
    const dear = (one: unknown, index: number): unknown => {
      // Quick, and yet so long that no stretch holds half of them.
      const until = performance.now() + (index === 300 ? 60 : 0.002)
      while (performance.now() < until);
      return one
    }
    await pool.parMap(items, dear, { chunk: 400 })
    const { runMs } = pool.metrics().functions['dear']!
    // It counts as the mean of those that ran in one stretch with it: some ten, or all behind it where the caller is too busy to take those back.
    t.true(runMs.max >= 60 / 400, `${runMs.max} ms`)
    t.true(runMs.p50 < 0.1, `${runMs.p50} ms`)
  })

test('metrics: a million small items', async (t) => {
  await using pool = createPool({ workers: 2 })
  await pool.parMap(new Float64Array(1_000_000), function tiny(x) {
    return x + 1
  })
  const { total, completed, runMs } = pool.metrics().functions['tiny']!
  t.deepEqual([total, completed], [1_000_000, 1_000_000])
  t.true(runMs.mean > 0)
})

test('metrics: names are what the job is called, whatever that is', async (t) => {
  await using pool = createPool({ workers: 1 })
  await pool.run((x: number) => x, [1], { name: '__proto__' })
  await pool.parMap([1], async (x) => x, { name: 'toString' })
  const { functions } = pool.metrics()
  t.deepEqual(Object.keys(functions), ['__proto__', 'toString'])
  t.is(functions['toString']!.completed, 1)
})

test('metrics: functions of par count by their own names', async (t) => {
  await using pool = createPool({ workers: 1 })
  await pool
    .par([
      function first() {},
      async function second() {
        throw new Error('no')
      },
    ])
    .settled()
  t.like(pool.metrics().functions, { first: { completed: 1 }, second: { failed: 1 } })
})

test('metrics: more than a thousand names share the rest', async (t) => {
  const pool = createPool({ workers: 1 })
  for (let i = 0; i < 1100; i++) await pool.run(async () => i, [], { name: `job ${i}` })
  const { functions } = pool.metrics()
  t.is(Object.keys(functions).length, 1001)
  t.is(functions['(others)']!.completed, 100)
})

test('metrics: what runs here counts while its job is open', async (t) => {
  const pool = createPool({ workers: 1 })
  const job = pool.parMap(
    [0, 1, 2],
    async (x) => {
      if (x === 2) job.cancel(metricsOf(pool, 'open'))
      await new Promise(() => {})
    },
    { name: 'open' },
  )
  await job.settled()
  t.deepEqual(await job.catch((reason: unknown) => reason), { ...none, total: 3 })
})

test('metrics: calls that tasks make count in their pool, in which lane they may run', async (t) => {
  await using pool = createPool({ workers: 2 })
  const nested = workerModule<{
    chain: (depth: number) => Promise<number>
    plain: (x: number) => Promise<number>
  }>(new URL('./fixtures/nested.mjs', import.meta.url))
  await pool.run(nested.chain, [3])
  t.like(metricsOf(pool, 'chain'), { total: 4, completed: 4 })
  await pool.run(nested.plain, [3])
  t.like(metricsOf(pool, 'anonymous'), { total: 1, completed: 1 })
})

test('metrics in sequential mode, and of the shared pool', async (t) => {
  const shown = await resultOf(
    `
    import { defaultPool, parMap, run, shutdown } from 'everycore'
    await parMap([1, 2, () => 3], function seq(x) { return x }, { onError: 'return' })
    const before = defaultPool.metrics()
    await run(function other() {}, [], { on: 'workers' })
    const after = defaultPool.metrics()
    await shutdown()
    console.log(JSON.stringify([before.functions.seq.total, before.functions.seq.completed, before.functions.seq.failed, after.functions.other.completed, Object.keys(defaultPool.metrics().functions)]))`,
    { env: { EVERYCORE_SEQUENTIAL: '1' } },
  )
  t.deepEqual(shown, [3, 2, 1, 1, []])
})

test('what runs on the caller does not open the shared pool', async (t) => {
  const shown = await resultOf(`
    import { configure, defaultPool, parMap } from 'everycore'
    await parMap([1, 2], async function early(x) { return x })
    const early = defaultPool.metrics().functions.early.completed
    configure({ workers: 1, name: 'late' })
    console.log(JSON.stringify([early, defaultPool.stats().workers.started, defaultPool.name]))`)
  t.deepEqual(shown, [2, 0, 'late'])
})

test.after('the shared pool counted too', async (t) => {
  await run(function shared() {})
  await par([async function sharedHere() {}])
  const { defaultPool } = await import('everycore')
  t.like(defaultPool.metrics().functions, { shared: { completed: 1 }, sharedHere: { completed: 1 } })
})
