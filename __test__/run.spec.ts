// One call, where the function belongs, with every option that `run` has.

import { threadId } from 'node:worker_threads'
import test from 'ava'

import { createPool, NotCloneableError, run, taskInfo, type Context } from 'everycore'
import { told } from './fixtures/shared.ts'

const gate = (): Int32Array => new Int32Array(new SharedArrayBuffer(8))

test('a sync function runs in a worker, with its arguments', async (t) => {
  t.is(await run((a: number, b: number) => a + b, [1, 2]), 3)
  t.is(await run(() => 1), 1)
  t.is(await run(Math.max, [3, 9, 4]), 9)
  t.is(await run(Math.max, [5]), 5)
  const thread = await run(() => (process.getBuiltinModule ?? require)('node:worker_threads').threadId)
  t.not(thread, threadId)
})

test('a plain async function runs here, closures and all', async (t) => {
  let seen = 0
  const job = run(
    async (x: number) => {
      seen = x
      return x + 1
    },
    [4],
  )
  t.is(job.lane, 'caller')
  t.is(await job, 5)
  t.is(seen, 4)
})

test('on: moves it', async (t) => {
  const job = run((x: number) => x, [1], { on: 'caller' })
  t.is(job.lane, 'caller')
  t.is(await job, 1)
  const there = run(async (x: number) => x, [1], { on: 'workers' })
  t.is(there.lane, 'workers')
  t.is(await there, 1)
})

test('the context follows only where it is asked for', async (t) => {
  t.deepEqual(await run((...args: unknown[]) => args.length, [1, 2]), 2)
  t.is(await run((x: number, by: number = 3) => x * by, [2]), 6)
  t.is(await run((x: number, ctx) => x * ctx.use.by, [2], { use: { by: 5 } }), 10)
  t.is(await run((ctx: Context) => ctx.name, [] as never, { name: 'mine' }), 'mine')
})

test('a job tells its state, timing and metadata', async (t) => {
  const open = gate()
  const metadata = { user: 7 }
  const job = run((_, ctx) => void Atomics.wait(ctx.use.open, 0, 0), [0], { use: { open }, name: 'gated', metadata })
  t.is(job.state, 'queued')
  t.is(job.name, 'gated')
  t.deepEqual(job.metadata, metadata)
  t.deepEqual(job.progress, { done: 0, failed: 0, total: 1 })
  Atomics.store(open, 0, 1)
  Atomics.notify(open, 0)
  await job
  t.is(job.state, 'done')
  t.deepEqual(job.progress, { done: 1, failed: 0, total: 1 })
  t.true(job.timing.queuedMs >= 0 && job.timing.ranMs >= 0)
  t.deepEqual(await job.settled(), { status: 'fulfilled', value: undefined })
})

test('calls of one tick travel together and answer each for itself', async (t) => {
  const jobs = Array.from({ length: 10_000 }, (_, i) =>
    run(
      (x: number) => {
        if (x % 1000 === 999) throw new RangeError(`no ${x}`)
        return x * 2
      },
      [i],
    ),
  )
  const outcomes = await Promise.allSettled(jobs)
  t.is(new Set(jobs.map((job) => job.id)).size, 10_000)
  outcomes.forEach((one, i) => {
    if (i % 1000 === 999) t.like(one, { status: 'rejected', reason: { message: `no ${i}` } })
    else if (one.status !== 'fulfilled' || one.value !== i * 2) t.fail(`call ${i}`)
  })
})

test('arguments are what they were at the call', async (t) => {
  const list = [1, 2]
  const job = run((xs: number[]) => xs.length, [list])
  list.push(3)
  t.is(await job, 2)
})

test('errors tell where and how they came about', async (t) => {
  const job = run(
    function parse() {
      throw new SyntaxError('line 1')
    },
    [],
    { metadata: { file: 'x' } },
  )
  const error = await t.throwsAsync(job, { instanceOf: SyntaxError, message: 'line 1' })
  t.regex(error.stack!, /parse[^]*run\.spec/)
  t.like(taskInfo(error), { id: job.id, name: 'parse', index: 0, attempt: 1, metadata: { file: 'x' } })
})

test('thrown non-errors come in a TaskError', async (t) => {
  for (const thrown of ['text', 0, null, undefined, false]) {
    const error = await t.throwsAsync(
      run(
        (x) => {
          throw x
        },
        [thrown],
      ),
      { code: 'ERR_TASK' },
    )
    t.is(error.cause, thrown)
  }
})

test('retries: the attempt counts on, `when` and `delay` are asked here', async (t) => {
  const asked: number[] = []
  const value = await run(
    (good: number, ctx) => {
      if (ctx.attempt < good) throw new Error(`attempt ${ctx.attempt}`)
      return ctx.attempt
    },
    [3],
    {
      retries: {
        times: 5,
        delay: (attempt) => {
          asked.push(attempt)
          return 1
        },
      },
    },
  )
  t.is(value, 3)
  t.deepEqual(asked, [1, 2])
  const error = await t.throwsAsync(
    run(
      (x: number, ctx) => {
        throw new Error(`${x} at ${ctx.attempt}`)
      },
      [1],
      { retries: { times: 5, when: (e) => (e as Error).message === '1 at 1' } },
    ),
    { message: '1 at 2' },
  )
  t.is(taskInfo(error)?.attempt, 2)
})

test('timeout: an endless loop is stopped, and the pool goes on', async (t) => {
  const pool = createPool({ workers: 1 })
  await t.throwsAsync(
    pool.run(
      () => {
        for (;;);
      },
      [],
      { timeout: 50, grace: 0, name: 'endless' },
    ),
    { code: 'ERR_TIMEOUT', name: 'TimeoutError', message: /endless.*50 ms/ },
  )
  t.is(await pool.run(() => 7), 7)
  await pool.close()
})

test('timeout: a function that listens ends by itself, in the worker that goes on', async (t) => {
  const pool = createPool({ workers: 1 })
  const before = await pool.run(() => performance.timeOrigin)
  await t.throwsAsync(
    pool.run(
      (_x: number, ctx) => {
        while (!ctx.aborted);
      },
      [0],
      { timeout: 20, grace: 30_000 },
    ),
    { code: 'ERR_TIMEOUT' },
  )
  t.is(await pool.run(() => performance.timeOrigin), before)
  await pool.close()
})

test('queueTimeout: what did not start in time never does', async (t) => {
  const pool = createPool({ workers: 1 })
  const [open, ran] = [gate(), gate()]
  const first = pool.run((_x: number, ctx) => void Atomics.wait(ctx.use.open, 0, 0), [0], { use: { open } })
  await t.throwsAsync(
    pool.run((_x: number, ctx) => Atomics.add(ctx.use.ran, 0, 1), [0], {
      use: { ran },
      queueTimeout: 20,
      name: 'late',
    }),
    { code: 'ERR_QUEUE_TIMEOUT', message: /'late' did not start within its queueTimeout of 20 ms/ },
  )
  Atomics.store(open, 0, 1)
  Atomics.notify(open, 0)
  await first
  await pool.run(() => 1)
  t.is(Atomics.load(ran, 0), 0)
  await pool.close()
})

test('signal: aborted on entry, while queued, while running, and after', async (t) => {
  const pool = createPool({ workers: 1 })
  const reason = new Error('mine')
  await t.throwsAsync(
    pool.run(() => 1, [], { signal: AbortSignal.abort(reason) }),
    { is: reason },
  )

  const [open, ran] = [gate(), gate()]
  const wait = (_x: number, ctx: { use: { open: Int32Array }; aborted: boolean }): void => {
    Atomics.store(ctx.use.open, 1, 1)
    Atomics.notify(ctx.use.open, 1)
    while (Atomics.wait(ctx.use.open, 0, 0, 1) === 'timed-out' && !ctx.aborted);
  }
  const running = new AbortController()
  const first = pool.run(wait, [0], { use: { open }, signal: running.signal, grace: 30_000 })
  const queued = new AbortController()
  const second = pool.run((_x: number, ctx) => Atomics.add(ctx.use.ran, 0, 1), [0], {
    use: { ran },
    signal: queued.signal,
  })
  await told(open, 1)
  t.is(first.state, 'running')
  queued.abort(reason)
  await t.throwsAsync(second, { is: reason })
  t.is(second.state, 'cancelled')
  running.abort()
  t.is(await first.catch((error: unknown) => error), running.signal.reason)
  const after = new AbortController()
  const third = pool.run(() => 3, [], { signal: after.signal })
  t.is(await third, 3)
  after.abort()
  t.is(await third, 3)
  t.is(third.state, 'done')
  t.is(Atomics.load(ran, 0), 0)
  await pool.close()
})

test('cancel: a rejection that needs no handling', async (t) => {
  const job = run(() => {
    for (;;);
  })
  job.cancel()
  t.like(await job.settled(), { status: 'rejected', reason: { code: 'ERR_CANCELLED', name: 'AbortError' } })
  t.is(job.state, 'cancelled')
  const reason = { own: 'reason' }
  const other = run(() => 1)
  other.cancel(reason)
  t.is(((await other.settled()) as PromiseRejectedResult).reason, reason)
  other.cancel()
  t.is(other.state, 'cancelled')
})

test('transfer: moved at once, untouched when the call is refused', async (t) => {
  const buffer = new ArrayBuffer(64)
  const view = new Uint8Array(buffer).fill(3)
  const job = run((bytes: Uint8Array) => bytes.reduce((a, b) => a + b, 0), [view], { transfer: [buffer] })
  t.is(buffer.byteLength, 0)
  t.is(await job, 192)
  const kept = new ArrayBuffer(8)
  await t.throwsAsync(
    run((x: unknown) => x, [{ kept, f() {} }], { transfer: [kept] }),
    { code: 'ERR_NOT_CLONEABLE' },
  )
  t.is(kept.byteLength, 8)
})

test('what cannot be sent is refused with the path to it, arguments and results', async (t) => {
  const refused = await t.throwsAsync(
    run((x: unknown) => x, [{ rows: [0, { callback() {} }] }]),
    { instanceOf: NotCloneableError },
  )
  t.regex(refused.message, /arguments\[0\]\.rows\[1\]\.callback/)
  t.is((refused as NotCloneableError).path, 'arguments[0].rows[1].callback')
  const result = await t.throwsAsync(
    run(() => ({ rows: [{ callback() {} }] }) as unknown),
    { code: 'ERR_NOT_CLONEABLE' },
  )
  t.regex(result.message, /result\.rows\[0\]\.callback/)
})

test('priority: high before normal before low', async (t) => {
  const pool = createPool({ workers: 1 })
  const [open, order] = [gate(), new Int32Array(new SharedArrayBuffer(16))]
  const hold = (_x: number, ctx: { use: { open: Int32Array } }): void => {
    Atomics.store(ctx.use.open, 1, 1)
    Atomics.notify(ctx.use.open, 1)
    Atomics.wait(ctx.use.open, 0, 0)
  }
  const first = pool.run(hold, [0], { use: { open } })
  await told(open, 1)
  const note = (x: number, ctx: { use: { order: Int32Array } }): void => {
    ctx.use.order[Atomics.add(ctx.use.order, 3, 1)] = x
  }
  const rest = [
    pool.run(note, [3], { use: { order }, priority: 'low' }),
    pool.run(note, [2], { use: { order } }),
    pool.run(note, [1], { use: { order }, priority: 'high' }),
  ]
  // They leave in a microtask, and may do so while the worker is held.
  await new Promise((resolve) => setImmediate(resolve))
  Atomics.store(open, 0, 1)
  Atomics.notify(open, 0)
  await Promise.all([first, ...rest])
  t.deepEqual([...order.subarray(0, 3)], [1, 2, 3])
  await pool.close()
})

test('a function that returns a promise is awaited in the worker', async (t) => {
  t.is(await run(() => Promise.resolve(4)), 4)
  await t.throwsAsync(
    run(() => Promise.reject(new RangeError('later'))),
    { instanceOf: RangeError, message: 'later' },
  )
})

test('unreachable variables are named, with the ways out', async (t) => {
  const factor = 3
  await t.throwsAsync(
    run((x: number) => x * factor, [1]),
    { code: 'ERR_CAPTURE', message: /factor[^]*use[^]*module[^]*on: 'caller'/ },
  )
})
