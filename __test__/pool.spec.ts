// A pool's life: its workers start when work needs them, leave when idle, and are all gone once it is closed.

import { threadId } from 'node:worker_threads'
import test from 'ava'

import { createPool, defaultPool } from 'everycore'
import { runProcess, resultOf } from './fixtures/process.ts'
import { makeRoom, told, words } from './fixtures/shared.ts'
import { together } from './fixtures/together.ts'

await makeRoom()

const threadOf = (): number => require('node:worker_threads').threadId

test('as many workers as work needs at the same time, at most `workers`', async (t) => {
  const pool = createPool({ workers: 3 })
  t.is(pool.workers, 3)
  for (let i = 0; i < 20; i++) await pool.run(() => 1)
  const one = await pool.run(threadOf)
  t.not(one, threadId)
  t.is(new Set(await together(pool, 3)).size, 3)
  await pool.close()
})

test('one call starts one worker, none before', async (t) => {
  const { err } = await runProcess(
    `
    import { createPool } from 'everycore'
    const pool = createPool({ workers: 4, name: 'lone' })
    await new Promise(setImmediate)
    console.error('called')
    await pool.run(() => 1)
    for (let i = 0; i < 10; i++) await pool.run(() => 1)
    await pool.close()`,
    { env: { NODE_DEBUG: 'everycore' } },
  )
  t.is(err.match(/worker \d starts/g)?.length, 1, err)
  t.regex(err, /^called\n[^]*worker 0 starts/)
})

test('NODE_DEBUG=everycore tells starts, deaths and restarts', async (t) => {
  const { err, code } = await runProcess(
    `
    import { createPool } from 'everycore'
    const pool = createPool({ workers: 1, name: 'told' })
    await pool.run(() => process.exit(3)).catch(() => {})
    await pool.run(() => 1)
    await pool.close()`,
    { env: { NODE_DEBUG: 'everycore' } },
  )
  t.is(code, 0)
  t.is(err.match(/worker 0 starts \(thread \d\)/g)?.length, 2, err)
  t.is(err.match(/worker 0 serves pool told/g)?.length, 2)
  t.regex(err, /worker 0 is gone: exit, code 3/)
  t.regex(err, /worker 0 is gone: exit, code 0/)
})

test('warmup starts all workers, or as many as asked for', async (t) => {
  const { err } = await runProcess(
    `
    import { createPool } from 'everycore'
    const pool = createPool({ workers: 3 })
    await pool.warmup(2)
    console.error('warm')
    await pool.warmup()
    await pool.warmup(1)
    await pool.close()`,
    { env: { NODE_DEBUG: 'everycore' } },
  )
  const [before, after] = err.split('warm') as [string, string]
  t.is(before.match(/is up/g)?.length, 2, err)
  t.is(after.match(/is up/g)?.length, 1, err)
})

test('warmup refuses nonsense', async (t) => {
  const pool = createPool({ workers: 1 })
  for (const wrong of [-1, NaN, 1.5, '2', null, Infinity]) {
    await t.throwsAsync(pool.warmup(wrong as never), {
      code: 'ERR_OPTION',
      message: /warmup: 'workers' must be an integer from 0/,
    })
  }
  await pool.close()
})

test('idleTimeout: a worker that has nothing to do leaves, and another comes when there is work', async (t) => {
  const pool = createPool({ workers: 1, idleTimeout: 5 })
  const gone = words(1)
  const first = await pool.run(
    (_x: number, ctx) => {
      process.on('exit', () => {
        Atomics.store(ctx.use.gone, 0, 1)
        Atomics.notify(ctx.use.gone, 0)
      })
      return require('node:worker_threads').threadId as number
    },
    [0],
    { use: { gone } },
  )
  await told(gone)
  t.not(await pool.run(threadOf), first)
  await pool.close()
})

test('minWorkers stay', async (t) => {
  await using pool = createPool({ workers: 2, minWorkers: 1, idleTimeout: 20 })
  const [here, gone] = [words(1), words(1)]
  const meet = (_x: number, ctx: { use: { here: Int32Array; gone: Int32Array } }): number => {
    const { here, gone } = ctx.use
    process.once('exit', () => {
      Atomics.add(gone, 0, 1)
      Atomics.notify(gone, 0)
    })
    if (Atomics.add(here, 0, 1) === 1) Atomics.notify(here, 0)
    Atomics.wait(here, 0, 1)
    return require('node:worker_threads').threadId
  }
  const threads = await Promise.all([0, 1].map((x) => pool.run(meet, [x], { use: { here, gone } })))
  t.is(new Set(threads).size, 2)
  await told(gone)
  t.true(threads.includes(await pool.run(threadOf)))
  t.is(gone[0], 1)
})

test('close lets what is queued and running finish, refuses what comes later', async (t) => {
  const pool = createPool({ workers: 1, name: 'closing' })
  const jobs = Array.from({ length: 50 }, (_, i) => pool.run((x: number) => x, [i]))
  const map = pool.parMap([1, 2, 3], (x) => x * 2)
  const closed = pool.close()
  for (const late of [pool.run(() => 1), pool.parMap([1], (x) => x), pool.run(() => 1, [], { name: 'x' })]) {
    await t.throwsAsync(late as Promise<unknown>, { code: 'ERR_CLOSED', message: "pool 'closing' is closed" })
  }
  t.deepEqual(
    await Promise.all(jobs),
    Array.from({ length: 50 }, (_, i) => i),
  )
  t.deepEqual(await map, [2, 4, 6])
  await closed
})

test('close twice, from anywhere, and of a pool never used', async (t) => {
  const pool = createPool({ workers: 1 })
  await pool.run(() => 1)
  await Promise.all([pool.close(), pool.close(), pool.close({ cancelPending: true })])
  await pool.close()
  await createPool().close()
  await t.throwsAsync(pool.warmup(), { code: 'ERR_CLOSED' })
})

test('close with cancelPending ends what runs, without unhandled rejections', async (t) => {
  const { code, out, err } = await runProcess(`
    import { createPool } from 'everycore'
    const pool = createPool({ workers: 1 })
    const endless = pool.run(() => { for (;;); })
    const queued = pool.run(() => 1)
    const watched = pool.run(() => 2).settled()
    await pool.close({ cancelPending: true })
    console.log(endless.state, queued.state, (await watched).reason.code)`)
  t.is(err, '')
  t.is(code, 0)
  t.is(out, 'cancelled cancelled ERR_CANCELLED')
})

test('close with a timeout waits that long for an endless loop', async (t) => {
  const pool = createPool({ workers: 1 })
  const job = pool.run(() => {
    for (;;);
  })
  await pool.close({ timeout: 50 })
  const outcome = (await job.settled()) as PromiseRejectedResult
  t.is((outcome.reason as Error).message, 'the pool was closed before this call had finished')
})

test('close refuses nonsense, as a rejection', async (t) => {
  const pool = createPool({ workers: 1 })
  for (const [wrong, message] of [
    [{ timeout: -1 }, /option 'timeout' must be/],
    [{ timeout: NaN }, /option 'timeout' must be/],
    [{ timeout: '5' }, /option 'timeout' must be/],
    [{ cancelPending: 1 }, /option 'cancelPending' must be true or false, got 1/],
    [{ force: true }, /'force'/],
    [null, /options must be an object, got null/],
    [7, /options must be an object, got 7/],
  ] as const) {
    await t.throwsAsync(pool.close(wrong as never), { code: 'ERR_OPTION', message })
  }
  t.is(await pool.run(() => 1), 1, 'a close that was refused closes nothing')
  await pool.close()
})

test('await using cancels what is left', async (t) => {
  let job
  {
    await using pool = createPool({ workers: 1 })
    t.is(await pool.run(() => 1), 1)
    job = pool.run(() => {
      for (;;);
    })
  }
  t.is(job.state, 'cancelled')
})

test('the process leaves by itself when nothing is pending', async (t) => {
  const { code, out } = await runProcess(`
    import { createPool, parMap, run } from 'everycore'
    const pool = createPool({ minWorkers: 1 })
    console.log(await pool.run(() => 1), await run(() => 2), await parMap([3], x => x))`)
  t.is(code, 0)
  t.is(out, '1 2 [ 3 ]')
})

test('a pending call keeps the process', async (t) => {
  const { code, out } = await runProcess(`
    import { run } from 'everycore'
    run(() => new Promise((resolve) => setTimeout(resolve, 100, 'kept'))).then(console.log)`)
  t.is(code, 0)
  t.is(out, 'kept')
})

test('pools do not share workers', async (t) => {
  const [a, b] = [createPool({ workers: 1 }), createPool({ workers: 1 })]
  const threads = await Promise.all([a.run(threadOf), b.run(threadOf), defaultPool.run(threadOf)])
  t.is(new Set(threads).size, 3)
  await Promise.all([a.close(), b.close()])
})

test('the pool option of a verb', async (t) => {
  const pool = createPool({ workers: 1, env: { FROM: 'pool' } })
  const { run, parMap } = await import('everycore')
  t.is(await run(() => process.env['FROM'], [], { pool }), 'pool')
  t.deepEqual(await parMap([0], () => process.env['FROM'], { pool }), ['pool'])
  await pool.close()
  await t.throwsAsync(
    run(() => 1, [], { pool }),
    { code: 'ERR_CLOSED' },
  )
})

test('recycleAfter: a worker is replaced between two items', async (t) => {
  const pool = createPool({ workers: 1, recycleAfter: { jobs: 2 } })
  const threads: unknown[] = []
  for (let i = 0; i < 6; i++) threads.push(await pool.run(threadOf))
  t.is(new Set(threads).size, 3)
  await pool.close()
})

test('maxQueue: calls beyond it are refused, and those within it run', async (t) => {
  const outcome = await resultOf(`
    import { createPool } from 'everycore'
    const pool = createPool({ workers: 1, maxQueue: 5 })
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => pool.run((x) => x, [i])))
    console.log(JSON.stringify(outcomes.map((one) => one.reason?.code ?? one.value)))
    await pool.close()`)
  t.deepEqual(outcome, [0, 1, 2, 3, 4, ...Array(15).fill('ERR_QUEUE_FULL')])
})
