// `par`: several functions with the same arguments, for what they do.

import test from 'ava'

import { createPool, ParallelError, par, taskInfo, workerModule, type Context } from 'everycore'
import { runProcess } from './fixtures/process.ts'
import { told, words } from './fixtures/shared.ts'
import { sleep } from './fixtures/watched.ts'

const work = workerModule<{
  double: (x: number) => number
  fail: (what: string) => never
  where: () => { thread: number; main: boolean }
  withContext: (x: number, ctx?: Context) => object
}>(new URL('./fixtures/work.mjs', import.meta.url))
const noted = workerModule<{
  note: (where: Int32Array) => () => void
  wait: (where: Int32Array) => void
  holds: (where: Int32Array, ctx?: Context) => void
}>(new URL('./fixtures/par.mjs', import.meta.url))

test('every function gets the same arguments; nothing comes back', async (t) => {
  const seen: unknown[] = []
  const event = { kind: 'made' }
  const result = await par(
    [
      (it: object, n: number) => seen.push(['sync', it, n]),
      async (it: object) => {
        await sleep(1)
        seen.push(['async', it])
        return 'dropped'
      },
      () => seen.push(['none']),
    ],
    [event, 7],
  )
  t.is(result, undefined)
  t.deepEqual(seen, [['sync', event, 7], ['none'], ['async', event]])
  t.is((seen[0] as unknown[])[1], event, 'the very same object: nothing crosses')
})

test('no functions, no arguments', async (t) => {
  const job = par([])
  t.is(await job, undefined)
  t.is(job.state, 'done')
  t.deepEqual(await job.settled(), [])
  let ran = 0
  await par([() => ran++])
  t.is(ran, 1)
})

test('plain functions run here, those of a module in workers', async (t) => {
  let here = 0
  const mixed = par([() => here++, work.where])
  t.is(mixed.lane, 'caller')
  await mixed
  t.is(here, 1)
  const there = par([work.where, work.where])
  t.is(there.lane, 'workers')
  await there
  t.is(par([work.double], [1], { on: 'caller' }).lane, 'caller')
})

test("on: 'workers' ships plain functions, with the context", async (t) => {
  const seen = words(2)
  const job = par(
    [(n: number, ctx) => Atomics.add(ctx.use.seen, 0, n), async (n: number, ctx) => Atomics.add(ctx.use.seen, 1, n)],
    [5],
    {
      on: 'workers',
      use: { seen },
    },
  )
  t.is(job.lane, 'workers')
  await job
  t.deepEqual([...seen], [5, 5])
})

test('a result that could not be sent is no failure, for nobody wants it', async (t) => {
  const seen = words(1)
  await par([noted.note], [seen])
  t.is(seen[0], 1)
})

test('the job tells of itself', async (t) => {
  const metadata = { user: 1 }
  const job = par([function first() {}, async function second() {}], [], { metadata })
  t.is(job.state, 'queued')
  t.is(job.name, 'first, second')
  t.deepEqual(job.metadata, metadata)
  t.deepEqual(job.progress, { done: 0, failed: 0, total: 2 })
  await job
  t.is(job.state, 'done')
  t.deepEqual(job.progress, { done: 2, failed: 0, total: 2 })
  t.true(job.timing.queuedMs >= 0 && job.timing.ranMs >= 0)
  t.is(par([() => 1], [], { name: 'mine' }).name, 'mine')
})

test('it is a promise, and gives plain ones', async (t) => {
  const job = par([() => 1])
  t.true(job instanceof Promise)
  for (const plain of [job.then(), job.catch(() => {}), job.finally(() => {})])
    t.is(Object.getPrototypeOf(plain), Promise.prototype)
  t.deepEqual(await Promise.all([job, job]), [undefined, undefined])
})

test("onError 'collect': every function runs, then a ParallelError tells of all", async (t) => {
  const seen: string[] = []
  const job = par(
    [
      (what: string) => {
        throw new RangeError(what)
      },
      (what: string) => seen.push(what),
      work.fail,
    ],
    ['far'],
    { metadata: { m: 1 } },
  )
  const error = await t.throwsAsync(job, { instanceOf: ParallelError })
  t.is(error.message, '2 of 3 functions failed; first (function 0): RangeError: far')
  t.is(error.cause, error.errors[0])
  t.regex(error.stack!, /par\.spec/)
  t.deepEqual(
    error.failures.map(({ index, attempt }) => [index, attempt]),
    [
      [0, 1],
      [2, 1],
    ],
  )
  t.deepEqual(Object.keys(error.results), ['1'])
  t.deepEqual(seen, ['far'])
  t.like(taskInfo(error.errors[1]), { id: job.id, name: 'fail', index: 2, attempt: 1, metadata: { m: 1 } })
  t.is(job.state, 'failed')
  t.deepEqual(
    (await job.settled()).map(({ status }) => status),
    ['rejected', 'fulfilled', 'rejected'],
  )
})

test("onError 'stop': the first error ends the rest", async (t) => {
  const stopped = words(1)
  const failure = new Error('first')
  const job = par(
    [
      noted.holds,
      async () => {
        await told(stopped)
        throw failure
      },
    ],
    [stopped],
    { onError: 'stop', grace: 0 },
  )
  t.is(await job.catch((error: unknown) => error), failure)
  t.is(job.state, 'failed')
  const [held] = await job.settled()
  t.is((held as PromiseRejectedResult).reason, failure)
})

test("onError 'return': it resolves, and settled() tells", async (t) => {
  const failure = new Error('one')
  const job = par(
    [
      () => {
        throw failure
      },
      () => {},
    ],
    [],
    { onError: 'return' },
  )
  t.is(await job, undefined)
  t.is(job.state, 'done')
  t.deepEqual(job.progress, { done: 2, failed: 1, total: 2 })
  t.deepEqual(await job.settled(), [
    { status: 'rejected', reason: failure },
    { status: 'fulfilled', value: undefined },
  ])
})

test('a failure that nobody asks for is a warning, never an unhandled rejection', async (t) => {
  const { code, out, err } = await runProcess(`
    import { par } from 'everycore'
    process.on('unhandledRejection', () => console.log('unhandled'))
    process.on('warning', ({ name, code, message }) => { if (code === 'EVERYCORE_PAR') console.log(name, message.split('\\n')[0]) })
    function audit() { throw new RangeError('disk full') }
    par([audit, () => {}], [1])
    par('no list')
    par([() => {}, null])
    const fine = par([() => {}])
    process.on('exit', () => console.log(fine.state))`)
  t.is(code, 0)
  t.deepEqual(out.split('\n').toSorted(), [
    'EverycoreWarning par of \'anonymous\' failed, and nothing awaits it: OptionError: par: fns must be an array of functions, got "no list"',
    "EverycoreWarning par of 'anonymous' failed, and nothing awaits it: OptionError: par: fns[1] must be a function, got null",
    "EverycoreWarning par of 'audit, anonymous' failed, and nothing awaits it: ParallelError: 1 of 2 functions failed; first (function 0): RangeError: disk full",
    'done',
  ])
  t.regex(err, /EverycoreWarning/)
})

test('whoever asks gets the rejection, and no warning comes', async (t) => {
  const { code, out, err } = await runProcess(
    `
    import { createPool, par } from 'everycore'
    process.on('warning', ({ code }) => { if (code === 'EVERYCORE_PAR') console.log(code) })
    const bad = () => par([() => { throw new Error('no') }])
    const seen = []
    try { await bad() } catch (error) { seen.push(error.code) }
    await bad().catch((error) => seen.push(error.code))
    await bad().then(undefined, (error) => seen.push(error.code))
    await bad().finally(() => {}).catch((error) => seen.push(error.code))
    await Promise.all([bad()]).catch((error) => seen.push(error.code))
    await Promise.race([bad()]).catch((error) => seen.push(error.code))
    await (async () => bad())().catch((error) => seen.push(error.code))
    seen.push((await Promise.allSettled([bad()]))[0].status, (await bad().settled())[0].status)
    const late = bad()
    await Promise.resolve()
    await late.catch((error) => seen.push(error.code))
    bad().cancel()
    par([async () => new Promise(() => {})], [], { signal: AbortSignal.abort() })
    const pool = createPool({ workers: 1 })
    pool.par([() => { for (;;); }], [], { on: 'workers' })
    await pool.close({ cancelPending: true })
    console.log(seen.join(' '))`,
    { env: { NODE_NO_WARNINGS: '1' } },
  )
  t.is(err, '')
  t.is(code, 0)
  const error = 'ERR_PARALLEL'
  t.is(out, [error, error, error, error, error, error, error, 'rejected', 'rejected', error].join(' '))
})

test('what was not awaited keeps the process until it has run', async (t) => {
  const { out, code } = await runProcess(`
    import { par, workerModule } from 'everycore'
    const { later } = workerModule(new URL('./work.mjs', 'file://' + process.cwd() + '/'))
    const job = par([later], [1])
    process.on('exit', () => console.log(job.state))`)
  t.is(code, 0)
  t.is(out, 'done')
})

test('timeout, per function and attempt', async (t) => {
  const seen: number[] = []
  const job = par([async () => new Promise(() => {}), async (n: number) => seen.push(n)], [1], { timeout: 20 })
  const error = await t.throwsAsync(job, { instanceOf: ParallelError })
  t.is(error.errors.length, 1)
  t.is(error.errors[0].code, 'ERR_TIMEOUT')
  t.deepEqual(seen, [1])
})

test('retries, of the function that failed alone', async (t) => {
  let [tries, others] = [0, 0]
  await par(
    [
      () => {
        if (++tries < 3) throw new Error('again')
      },
      () => others++,
    ],
    [],
    { retries: 2 },
  )
  t.deepEqual([tries, others], [3, 1])
  const error = await t.throwsAsync(par([work.fail], ['x'], { retries: 2 }), { instanceOf: ParallelError })
  t.is(error.failures[0]!.attempt, 3)
})

test('queueTimeout: a function that has not started in time never does', async (t) => {
  await using pool = createPool({ workers: 1 })
  const [open, ran] = [words(2), words(1)]
  const held = pool.run(
    (_x: number, ctx) => {
      Atomics.store(ctx.use.open, 1, 1)
      Atomics.notify(ctx.use.open, 1)
      Atomics.wait(ctx.use.open, 0, 0)
    },
    [0],
    { use: { open } },
  )
  await told(open, 1)
  let here = 0
  const job = pool.par([() => here++, noted.note], [ran], { queueTimeout: 20 })
  const error = await t.throwsAsync(job, { instanceOf: ParallelError })
  t.is(error.errors.length, 1)
  t.like(error.errors[0], {
    code: 'ERR_QUEUE_TIMEOUT',
    message: "'note' did not start within its queueTimeout of 20 ms",
  })
  t.is(here, 1)
  Atomics.store(open, 0, 1)
  Atomics.notify(open, 0)
  await held
  t.is(ran[0], 0)
})

test('signal: before, and while they run', async (t) => {
  const reason = new Error('mine')
  let ran = 0
  const never = par([() => ran++], [], { signal: AbortSignal.abort(reason) })
  t.is(await never.catch((error: unknown) => error), reason)
  t.is(ran, 0)
  t.is(never.state, 'cancelled')
  const controller = new AbortController()
  const began = words(1)
  const job = par([noted.holds, async () => new Promise(() => {})], [began], { signal: controller.signal, grace: 0 })
  await told(began)
  t.is(job.state, 'running')
  controller.abort(reason)
  t.is(await job.catch((error: unknown) => error), reason)
  t.is(job.state, 'cancelled')
})

test('cancel needs no handling; a closed pool cancels', async (t) => {
  const job = par([async () => new Promise(() => {})])
  job.cancel()
  t.like(await job.settled(), [{ status: 'rejected', reason: { code: 'ERR_CANCELLED' } }])
  const pool = createPool({ workers: 1 })
  const began = words(1)
  const other = pool.par([noted.holds, async () => new Promise(() => {})], [began])
  await told(began)
  await pool.close({ cancelPending: true })
  t.is(other.state, 'cancelled')
  t.like(await other.settled(), [{ reason: { code: 'ERR_CANCELLED' } }, { reason: { code: 'ERR_CANCELLED' } }])
  await t.throwsAsync(pool.par([work.where]), { code: 'ERR_CLOSED' })
})

test('the caller gets its job before anything runs', async (t) => {
  const job = par([() => void t.is(job.state, 'running')])
  t.is(job.state, 'queued')
  await job
})

test('bad input is a rejection', async (t) => {
  const capture = 1
  for (const [args, message] of [
    [[undefined], 'par: fns must be an array of functions, got undefined'],
    [[() => 1], 'par: fns must be an array of functions, got a function without a name'],
    [[[() => 1, 'x']], 'par: fns[1] must be a function, got "x"'],
    [[[,]], 'par: fns[0] must be a function, got undefined'],
    [[[() => 1], 'x'], 'par: args must be an array of the functions\' arguments, got "x"'],
    [[[() => 1], [], null], 'par: options must be an object, got null'],
    [[[() => 1], [], { concurrency: 2 }], /par has no option 'concurrency'; it has timeout, .*, queueTimeout, onError/],
    [[[() => 1], [], { onError: 'throw' }], `par: option 'onError' must be "collect", "stop" or "return", got 'throw'`],
    [[[() => 1], [], { queueTimeout: 0 }], /par: option 'queueTimeout' must be milliseconds above 0/],
  ] as const) {
    const job = par(...(args as unknown as Parameters<typeof par>))
    t.is(job.state, 'failed')
    await t.throwsAsync(job, { code: 'ERR_OPTION', message })
  }
  await t.throwsAsync(par([() => capture], [], { on: 'workers' }), { code: 'ERR_CAPTURE' })
  const argument = await t.throwsAsync(par([work.double], [Symbol('s') as never]), { instanceOf: ParallelError })
  t.is(argument.errors[0].code, 'ERR_NOT_CLONEABLE')
})

test('sequential: one after the other, here', async (t) => {
  const { out, err } = await runProcess(
    `
    import { par, workerModule } from 'everycore'
    const { where } = workerModule(new URL('./work.mjs', 'file://' + process.cwd() + '/'))
    const seen = []
    const slow = async (x) => { seen.push('a' + x); await new Promise((resolve) => setTimeout(resolve, 400)); seen.push('b' + x) }
    const job = par([slow, where, (x) => seen.push('c' + x), () => { throw new Error('d') }, slow], [1])
    const error = await job.catch((error) => error)
    const late = await par([slow, () => seen.push('late'), slow], [2], { queueTimeout: 10 }).settled()
    console.log(job.lane, seen.join(), error.message, late.map((one) => one.reason?.code ?? one.status).join())`,
    { env: { EVERYCORE_SEQUENTIAL: '1' } },
  )
  t.is(err, '')
  t.is(
    out,
    'caller a1,b1,c1,a1,b1,a2,b2 1 of 5 functions failed; first (function 3): Error: d fulfilled,ERR_QUEUE_TIMEOUT,ERR_QUEUE_TIMEOUT',
  )
})
