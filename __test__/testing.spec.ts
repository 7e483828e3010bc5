// `everycore/testing`: run in order, cause a fault by name, check that nothing is left.

import test from 'ava'

import { createPool, parMap, run, share, workerModule } from 'everycore'
import { assertIdle, delay, fillQueue, kill, sequentially } from 'everycore/testing'
import { resultOf } from './fixtures/process.ts'
import { makeRoom } from './fixtures/shared.ts'

await makeRoom()

const work = workerModule<{ double: (x: number) => number; where: () => { main: boolean } }>(
  new URL('./fixtures/work.mjs', import.meta.url),
)

test.serial('sequentially: here and in order, until it has settled', async (t) => {
  const log: number[] = []
  const results = await sequentially(async () => {
    t.like(await work.where(), { main: true })
    return parMap([3, 1, 2], async (x) => {
      log.push(x)
      await new Promise((resolve) => setTimeout(resolve, x))
      log.push(-x)
      return x
    })
  })
  t.deepEqual(results, [3, 1, 2])
  t.deepEqual(log, [3, -3, 1, -1, 2, -2])
  t.like(await work.where(), { main: false })
})

test.serial('sequentially: copies and refuses as workers do, and ends by an error too', async (t) => {
  const outside = 1
  await sequentially(async () => {
    await t.throwsAsync(
      run(() => outside),
      { code: 'ERR_CAPTURE' },
    )
    const item = { x: 1 }
    const [same] = await parMap([item], (value) => value, { use: { table: share([1]) } })
    t.not(same, item)
  })
  await t.throwsAsync(
    sequentially(() => {
      throw new RangeError('mine')
    }),
    { message: 'mine' },
  )
  t.like(await work.where(), { main: false })
  t.is(await sequentially(() => 'at once'), 'at once')
})

test.serial('sequentially: several at a time, one in the other', async (t) => {
  const slow = sequentially(async () => new Promise((resolve) => setTimeout(resolve, 30)))
  await sequentially(async () => sequentially(async () => t.like(await work.where(), { main: true })))
  t.like(await work.where(), { main: true }, 'another one still runs')
  await slow
  t.like(await work.where(), { main: false })
})

test('kill: a worker by its slot, and a busy one', async (t) => {
  await using pool = createPool({ workers: 2 })
  await pool.warmup()
  const endless = pool.run(function endless() {
    for (;;);
  })
  await kill('busy', pool)
  await t.throwsAsync(endless, { code: 'ERR_WORKER_EXIT', message: /while it ran 'endless'/ })
  t.is(pool.stats().workers.replaced, 1)
  await pool.warmup()
  await kill(1, pool)
  t.is(pool.stats().workers.replaced, 2)
  t.is(await pool.run(() => 'goes on'), 'goes on')
})

test('kill: one item fails, all others end', async (t) => {
  await using pool = createPool({ workers: 1 })
  const hold = new Int32Array(new SharedArrayBuffer(4))
  const map = pool.parMap(
    Array.from({ length: 20 }, (_, i) => i),
    (x, _i, ctx) => {
      if (x === 7 && ctx.attempt === 1) Atomics.wait(ctx.use.hold, 0, 0)
      return x
    },
    { use: { hold }, chunk: 20 },
  )
  while (map.progress.done < 7) await new Promise((resolve) => setImmediate(resolve))
  await kill('busy', pool)
  const outcomes = await map.settled()
  t.deepEqual(
    outcomes.flatMap(({ status }, x) => (status === 'rejected' ? [x] : [])),
    [7],
  )
})

test('kill: a worker that starts, or loads, has not failed at it', async (t) => {
  const pool = createPool({ workers: 1, setup: new URL('./fixtures/faults/slow-setup.mjs', import.meta.url) })
  const job = pool.run(() => 'set up')
  for (let i = 0; i < 12; i++) await kill(0, pool)
  t.is(await job, 'set up')
  await pool.close()
})

test("kill: 'busy' waits for a worker to begin what is queued", async (t) => {
  for (let i = 0; i < 5; i++) {
    const pool = createPool({ workers: 1 })
    const job = pool.run(() => {
      for (;;);
    })
    await kill('busy', pool)
    await t.throwsAsync(job, { code: 'ERR_WORKER_EXIT' })
    await pool.close()
  }
})

test('kill: nobody to kill', async (t) => {
  await using pool = createPool({ workers: 2, name: 'quiet' })
  await t.throwsAsync(kill('busy', pool), {
    code: 'ERR_OPTION',
    message: "kill: no worker of pool 'quiet' is busy, and nothing waits for one",
  })
  await t.throwsAsync(kill(0, pool), { code: 'ERR_OPTION', message: "kill: pool 'quiet' has no worker 0; it has none" })
  await pool.warmup()
  await t.throwsAsync(kill(7, pool), { code: 'ERR_OPTION', message: /has no worker 7; it has 0, 1$/ })
  for (const wrong of ['idle', undefined, 1.5, null, {}])
    await t.throwsAsync(kill(wrong as never, pool), { code: 'ERR_OPTION', message: /worker must be a slot or 'busy'/ })
  await t.throwsAsync(kill(0, {} as never), { code: 'ERR_OPTION', message: /pool must be a pool/ })
})

test.serial('delay: by name, in every lane, as part of the run', async (t) => {
  await using pool = createPool({ workers: 1 })
  {
    using _ = delay('slowly', 60)
    for (const on of ['caller', 'workers'] as const) {
      const slowly = (x: number): number => x
      await t.throwsAsync(pool.run(slowly, [1], { on, timeout: 20, grace: 0 }), { code: 'ERR_TIMEOUT' })
      t.is(await pool.run(slowly, [2], { on }), 2)
      t.deepEqual(await pool.parMap([1, 2], slowly, { on }), [1, 2])
    }
    await t.throwsAsync(pool.run(work.double, [1], { name: 'slowly', timeout: 20, grace: 0 }), { code: 'ERR_TIMEOUT' })
    await sequentially(async () => t.is(await pool.run(work.double, [4], { name: 'slowly' }), 8))
    t.is(
      await pool.run(
        function quick() {
          return 1
        },
        [],
        { timeout: 50 },
      ),
      1,
    )
    t.true(pool.metrics().functions['slowly']!.runMs.p50 >= 58)
  }
  const slowly = (x: number, y: number = 2): number => x * y
  t.is(await pool.run(slowly, [3], { timeout: 50 }), 6)
})

test.serial('delay: the function is called as before, with its context', async (t) => {
  const withContext = (x: number, ctx: { use: { by: number } }): number => x * ctx.use.by
  {
    using _ = delay('withContext', 1)
    t.is(await run(withContext, [2], { use: { by: 4 } }), 8)
  }
  const plain = (x: number, y: number = 2): number => x * y
  {
    using _ = delay('plain', 1)
    t.is(await run(plain, [2]), 4)
  }
})

test('delay and fillQueue refuse nonsense', (t) => {
  for (const wrong of ['', 5, null, undefined])
    t.throws(() => delay(wrong as never, 5), { code: 'ERR_OPTION', message: /^delay: name must be a string/ })
  for (const wrong of [-1, NaN, '5', undefined, Infinity])
    t.throws(() => delay('x', wrong as never), { code: 'ERR_OPTION', message: /^delay: ms must be milliseconds/ })
  t.throws(() => fillQueue({} as never), { code: 'ERR_OPTION', message: /^fillQueue: pool must be a pool/ })
  t.throws(() => assertIdle(5 as never), { code: 'ERR_OPTION', message: /^assertIdle: pool must be a pool/ })
})

test('fillQueue: calls are refused until it is let go; maps go on', async (t) => {
  await using pool = createPool({ workers: 1 })
  {
    using _ = fillQueue(pool)
    await t.throwsAsync(
      pool.run(() => 1),
      { code: 'ERR_QUEUE_FULL' },
    )
    await t.throwsAsync(pool.par([work.double], [1]), { code: 'ERR_PARALLEL' })
    t.deepEqual(await pool.parMap([1, 2], work.double), [2, 4])
    t.is(await pool.run(async () => 'here'), 'here')
  }
  t.is(await pool.run(() => 1), 1)
})

test("fillQueue: calls wait under whenFull: 'wait'", async (t) => {
  await using pool = createPool({ workers: 1, whenFull: 'wait' })
  const filled = fillQueue(pool)
  const job = pool.run(() => 1)
  const late = pool.run(() => 2, [], { queueTimeout: 20 })
  await t.throwsAsync(late, { code: 'ERR_QUEUE_TIMEOUT' })
  t.is(job.state, 'queued')
  filled[Symbol.dispose]()
  filled[Symbol.dispose]()
  t.is(await job, 1)
})

test('assertIdle: names what is open, queued, or was stopped and still runs', async (t) => {
  const pool = createPool({ workers: 1, name: 'left' })
  assertIdle(pool)
  const here = pool.parMap([1], async function waits() {
    await new Promise(() => {})
  })
  t.throws(() => assertIdle(pool), {
    name: 'AssertionError',
    message: `assertIdle: 1 job of pool 'left' is open: 'waits' (${here.id}, queued)`,
  })
  here.cancel()
  assertIdle(pool)
  const there = pool.run(function plain() {})
  t.throws(() => assertIdle(pool), { message: /'plain' \(.*c\d+\.0, queued\)$/ })
  await there
  assertIdle(pool)
  const flow = pool.lazyParMap([1, 2, 3], async function lazily(x) {
    return x
  })
  await flow.next()
  await flow.return()
  assertIdle(pool)
  const gate = new Int32Array(new SharedArrayBuffer(8))
  const stopped = pool.run(
    (_x: number, ctx) => {
      Atomics.store(ctx.use.gate, 0, 1)
      while (!ctx.aborted);
      Atomics.wait(ctx.use.gate, 1, 0)
    },
    [0],
    { use: { gate }, grace: 30_000 },
  )
  while (Atomics.load(gate, 0) === 0) await new Promise((resolve) => setImmediate(resolve))
  stopped.cancel()
  t.throws(() => assertIdle(pool), { message: "assertIdle: what was stopped still runs in worker 0 of pool 'left'" })
  Atomics.store(gate, 1, 1)
  Atomics.notify(gate, 1)
  await pool.close()
  assertIdle(pool)
})

test('assertIdle: of all pools of the thread, and not too long', async (t) => {
  const told = (await resultOf(`
    import { createPool, parMap, run } from 'everycore'
    import { assertIdle } from 'everycore/testing'
    const pool = createPool({ workers: 1, name: 'other' })
    assertIdle()
    const jobs = [...Array(12).keys()].map((i) => parMap([i], async function one() { await new Promise(() => {}) }))
    const call = pool.run(() => 1)
    const messages = []
    const note = () => { try { assertIdle(); messages.push('idle') } catch (error) { messages.push(error.message) } }
    note()
    for (const job of jobs) job.cancel()
    await call
    note()
    await pool.close()
    console.log(JSON.stringify(messages))`)) as string[]
  t.regex(
    told[0]!,
    /^assertIdle: 12 jobs of pool 'everycore' are open: ('one' \(\d+, queued\), ){9}'one' \(10, queued\) and 2 more; 1 job of pool 'other' is open: 'anonymous' \(c1\.0, queued\)$/,
  )
  t.is(told[1], 'idle')
})

test('nothing of it is for workers', async (t) => {
  const tasks = workerModule<{ killsHere: () => Promise<string> }>(new URL('./fixtures/testing.mjs', import.meta.url))
  t.is(await run(tasks.killsHere), 'kill: not inside a worker; call it on the thread that owns the pool')
})
