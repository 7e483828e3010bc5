// `pool.broadcast`: one call in each worker of a pool.

import test from 'ava'

import { createPool, ParallelError, share, taskInfo, workerModule, type Context, type Pool } from 'everycore'
import { resultOf, runProcess } from './fixtures/process.ts'
import { makeRoom, told, words } from './fixtures/shared.ts'

await makeRoom()

declare global {
  var marks: unknown[] | undefined
}

const tasks = workerModule<{
  mark: (what: string) => number
  fromTask: (what: string) => Promise<number[]>
  sharedFromTask: () => Promise<number[]>
  marks: () => unknown[]
}>(new URL('./fixtures/broadcast.mjs', import.meta.url))

const mark = (what: unknown): number => (globalThis.marks ??= []).push(what)
const marks = (): unknown[] => globalThis.marks ?? []

/** What each of a pool's `count` workers has been marked with. */
async function marksOf(pool: Pool, count: number): Promise<unknown[][]> {
  const here = words(1)
  const meet = (all: number, ctx: { use: { here: Int32Array } }): unknown[] => {
    const { here } = ctx.use
    if (Atomics.add(here, 0, 1) + 1 === all) Atomics.notify(here, 0)
    for (let now = Atomics.load(here, 0); now < all; now = Atomics.load(here, 0)) Atomics.wait(here, 0, now)
    return globalThis.marks ?? []
  }
  return Promise.all(Array.from({ length: count }, () => pool.run(meet, [count], { use: { here } })))
}

test('once in each worker; the results in the order of the slots', async (t) => {
  await using pool = createPool({ workers: 3 })
  await pool.warmup()
  const slots = await pool.broadcast((by: number, ctx: Context) => [ctx.worker, by, ctx.name, ctx.attempt], [7])
  t.deepEqual(
    slots,
    [0, 1, 2].map((slot) => [slot, 7, 'anonymous', 1]),
  )
  t.deepEqual(await pool.broadcast(mark, ['a']), [1, 1, 1])
  t.deepEqual(await pool.broadcast(mark, ['b']), [2, 2, 2])
  t.deepEqual(await marksOf(pool, 3), [
    ['a', 'b'],
    ['a', 'b'],
    ['a', 'b'],
  ])
})

test('async functions run there too, built-in ones, and those of modules', async (t) => {
  await using pool = createPool({ workers: 2 })
  await pool.warmup()
  t.deepEqual(
    await pool.broadcast(
      async (x: number) => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        return x + 1
      },
      [1],
    ),
    [2, 2],
  )
  t.deepEqual(await pool.broadcast(Math.max, [3, 5]), [5, 5])
  t.deepEqual(await pool.broadcast(tasks.mark, ['from the module']), [1, 1])
  t.deepEqual(await pool.broadcast(tasks.marks), [['from the module'], ['from the module']])
  t.deepEqual(
    await pool.broadcast(() => new Map([[1, Buffer.from('b')]])),
    Array.from({ length: 2 }, () => new Map([[1, Buffer.from('b')]])),
  )
})

test('it starts no worker: with none up it reaches nobody', async (t) => {
  await using pool = createPool({ workers: 2 })
  t.deepEqual(await pool.broadcast(mark, ['nobody']), [])
  t.is(pool.stats().workers.started, 0)
  t.deepEqual(await pool.run(marks), [])
})

test('what is given to the pool afterwards finds the call made', async (t) => {
  await using pool = createPool({ workers: 1 })
  await pool.warmup()
  for (let i = 0; i < 50; i++) {
    const sent = pool.broadcast(mark, [i])
    t.is(((await pool.run(marks)) as unknown[]).length, i + 1)
    await sent
  }
})

test('between the items of a worker that is busy', async (t) => {
  await using pool = createPool({ workers: 1 })
  const gate = words(2)
  const map = pool.parMap(
    [0, 1, 2],
    (x, _i, ctx) => {
      if (x === 0) {
        Atomics.store(ctx.use.gate, 1, 1)
        Atomics.notify(ctx.use.gate, 1)
        Atomics.wait(ctx.use.gate, 0, 0)
      }
      return (globalThis.marks ?? []).length
    },
    { use: { gate }, chunk: 1 },
  )
  await told(gate, 1)
  const sent = pool.broadcast(mark, ['between'])
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
  t.deepEqual(await map, [0, 1, 1])
  t.deepEqual(await sent, [1])
})

test('a worker that is starting makes it before its first item', async (t) => {
  await using pool = createPool({ workers: 1, setup: () => void (globalThis.marks = ['set up']) })
  const first = pool.run(marks)
  t.deepEqual(await pool.broadcast(mark, ['start']), [2])
  await first
  t.deepEqual(await pool.run(marks), ['set up', 'start'])
})

test('sticky: later workers make it too, in order, after the set-up and before their first item', async (t) => {
  await using pool = createPool({ workers: 1, setup: () => void (globalThis.marks = ['set up']) })
  t.deepEqual(await pool.broadcast(mark, ['one'], { sticky: true }), [])
  t.deepEqual(await pool.run(marks), ['set up', 'one'])
  t.deepEqual(await pool.broadcast(mark, ['two'], { sticky: true }), [3])
  await pool.broadcast(mark, ['passing'])
  await pool.broadcast(
    async (what: string) => {
      await new Promise((resolve) => setTimeout(resolve, 5))
      globalThis.marks!.push(what)
    },
    ['late'],
    { sticky: true },
  )
  await pool.run(() => process.exit(1)).settled()
  t.deepEqual(await pool.run(marks), ['set up', 'one', 'two', 'late'])
})

test('sticky: what goes with it is what it was when it was given, and shared values too', async (t) => {
  await using pool = createPool({ workers: 1 })
  const list = [1]
  await pool.broadcast(
    (given: number[], table: number[]) => void (globalThis.marks = [...given, ...table]),
    [list, share([5, 6])],
    { sticky: true },
  )
  list.push(2)
  for (let i = 0; i < 3; i++) {
    t.deepEqual(await pool.run(marks), [1, 5, 6])
    await pool.run(() => process.exit(1)).settled()
  }
})

test('failures: all are made, then one error tells of those', async (t) => {
  await using pool = createPool({ workers: 3 })
  await pool.warmup()
  const odd = (_x: number, ctx: Context): number => {
    if (ctx.worker === 1) throw new RangeError('not I')
    return ctx.worker!
  }
  const error = await t.throwsAsync(pool.broadcast(odd, [0]), { instanceOf: ParallelError })
  t.is(error.message, '1 of 3 workers failed; first (worker 1): RangeError: not I')
  t.is((error.cause as Error).name, 'RangeError')
  t.regex((error.cause as Error).stack!, /odd[^]*broadcast\.spec/)
  t.deepEqual(Object.entries(error.results), [
    ['0', 0],
    ['2', 2],
  ])
  t.like(taskInfo(error.cause), { name: 'odd', worker: 1, attempt: 1 })
  const uncloneable = await t.throwsAsync(
    pool.broadcast(() => ({ rows: [() => 1] })),
    { instanceOf: ParallelError },
  )
  t.is(uncloneable.errors.length, 3)
  t.like(uncloneable.errors[0], { code: 'ERR_NOT_CLONEABLE', path: 'result.rows[0]' })
  const later = await t.throwsAsync(
    pool.broadcast(async () => Promise.reject(new Error('later'))),
    { instanceOf: ParallelError },
  )
  t.is(later.errors[0].message, 'later')
})

test('sticky: forgotten when a worker that is up fails at it', async (t) => {
  await using pool = createPool({ workers: 1 })
  await pool.warmup()
  await t.throwsAsync(
    pool.broadcast(
      () => {
        throw new Error('no')
      },
      [],
      { sticky: true },
    ),
    { instanceOf: ParallelError },
  )
  await pool.run(() => process.exit(1)).settled()
  t.is(await pool.run(() => 'works'), 'works')
})

test('sticky: a later worker that fails at it does not come up', async (t) => {
  await using pool = createPool({ workers: 1, name: 'sticks' })
  await pool.broadcast(
    () => {
      throw new RangeError('no licence')
    },
    [],
    { sticky: true },
  )
  const error = await t.throwsAsync(
    pool.run(() => 1),
    {
      code: 'ERR_LOAD',
      message: /workers of pool 'sticks' cannot start: .*sticky broadcast of 'anonymous'.*no licence/,
    },
  )
  t.is(((error.cause as Error).cause as Error).name, 'RangeError')
  await t.throwsAsync(pool.broadcast(mark, ['x']), { code: 'ERR_LOAD' })
})

test('a worker that dies of it, and one that dies before it has begun', async (t) => {
  await using pool = createPool({ workers: 2 })
  await pool.warmup()
  const leave = (_x: number, ctx: Context): number => {
    if (ctx.worker === 1) process.exit(3)
    return ctx.worker!
  }
  const error = await t.throwsAsync(pool.broadcast(leave, [0]), { instanceOf: ParallelError })
  t.is(
    error.message,
    "1 of 2 workers failed; first (worker 1): WorkerExitError: worker 1 exited with code 3 while it ran 'leave'; did it call process.exit?",
  )
  t.deepEqual(Object.entries(error.results), [['0', 0]])

  const alone = createPool({ workers: 1 })
  const gate = words(2)
  const dies = alone.run(
    (_x: number, ctx) => {
      Atomics.store(ctx.use.gate, 1, 1)
      Atomics.notify(ctx.use.gate, 1)
      Atomics.wait(ctx.use.gate, 0, 0)
      process.exit(1)
    },
    [0],
    { use: { gate } },
  )
  await told(gate, 1)
  const sent = alone.broadcast(mark, ['never'])
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
  await t.throwsAsync(dies, { code: 'ERR_WORKER_EXIT' })
  t.deepEqual(await sent, [])
  t.deepEqual(await alone.run(marks), [])
  await alone.close()
})

test('one that can never end is told so, and its worker goes on', async (t) => {
  await using pool = createPool({ workers: 1 })
  await pool.warmup()
  const error = await t.throwsAsync(
    pool.broadcast(async () => new Promise(() => {})),
    { instanceOf: ParallelError },
  )
  t.is(error.errors[0].code, 'ERR_TASK')
  t.regex(error.errors[0].message, /can never end/)
  t.is(await pool.run(() => 1), 1)
})

test('stray errors of it are its own', async (t) => {
  await using pool = createPool({ workers: 1 })
  await pool.warmup()
  const error = await t.throwsAsync(
    pool.broadcast(async () => {
      setTimeout(() => {
        throw new RangeError('in a timer')
      }, 1)
      await new Promise((resolve) => setTimeout(resolve, 10_000))
    }),
    { instanceOf: ParallelError },
  )
  t.is(error.errors[0].message, 'in a timer')
  t.is(await pool.run(() => 1), 1)
})

test('close waits for it; a closed pool refuses it; an impatient close cancels it', async (t) => {
  const patient = createPool({ workers: 1 })
  await patient.warmup()
  const sent = patient.broadcast(async () => {
    await new Promise((resolve) => setTimeout(resolve, 30))
    return 'done'
  })
  const closed = patient.close()
  await t.throwsAsync(patient.broadcast(mark, [1]), { code: 'ERR_CLOSED' })
  t.deepEqual(await sent, ['done'])
  await closed
  const { code, out, err } = await runProcess(`
    import { createPool } from 'everycore'
    const pool = createPool({ workers: 1 })
    await pool.warmup()
    const endless = pool.broadcast(() => { for (;;); })
    await pool.close({ cancelPending: true })
    console.log((await endless.catch((error) => error)).code)
    const other = createPool({ workers: 1 })
    await other.warmup()
    other.broadcast(() => new Promise((resolve) => setTimeout(resolve, 60_000)))
    await other.close({ timeout: 50 })`)
  t.is(err, '')
  t.is(code, 0)
  t.is(out, 'ERR_CANCELLED')
})

test('it keeps the process until it is answered', async (t) => {
  const shown = await resultOf(`
    import { createPool } from 'everycore'
    const pool = createPool({ workers: 2 })
    await pool.warmup()
    pool.broadcast(async () => { await new Promise((resolve) => setTimeout(resolve, 50)); return 1 }).then((all) => console.log(JSON.stringify(all)))`)
  t.deepEqual(shown, [1, 1])
})

test('a worker that is to leave makes it first', async (t) => {
  await using pool = createPool({ workers: 1, recycleAfter: { jobs: 1 } })
  for (let i = 0; i < 20; i++) {
    const ran = pool.run(() => 1)
    await ran
    const answers = await pool.broadcast(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1))
      return 'made'
    })
    // None where it had left before.
    t.true(answers.every((answer) => answer === 'made'))
  }
})

test('tasks can do it too: their own worker is among those reached', async (t) => {
  await using pool = createPool({ workers: 2 })
  await pool.warmup()
  t.deepEqual(await pool.run(tasks.fromTask, ['task']), [1, 1])
  t.deepEqual(await pool.broadcast(tasks.marks), [['task'], ['task']])
  t.deepEqual(await pool.run(tasks.sharedFromTask), [3, 3])
})

test('sequential: once, here', async (t) => {
  const shown = await resultOf(
    `
    import { createPool } from 'everycore'
    const pool = createPool({ workers: 2 })
    const fine = await pool.broadcast((x) => [x, process.env.EVERYCORE_SEQUENTIAL], [[1]], { sticky: true })
    const bad = await pool.broadcast(() => { throw new Error('no') }).catch((error) => error.message)
    console.log(JSON.stringify([fine, bad]))`,
    { env: { EVERYCORE_SEQUENTIAL: '1' } },
  )
  t.deepEqual(shown, [[[[1], '1']], '1 of 1 worker failed; first (worker 0): Error: no'])
})

test('bad input is a rejection', async (t) => {
  await using pool = createPool({ workers: 1 })
  const outside = 1
  for (const [args, message] of [
    [[undefined], 'broadcast: fn must be a function, got undefined'],
    [['x'], 'broadcast: fn must be a function, got "x"'],
    [[() => 1, 5], "broadcast: args must be an array of the function's arguments, got 5"],
    [[() => 1, [], null], 'broadcast: options must be an object, got null'],
    [[() => 1, [], { stick: true }], "broadcast has no option 'stick' (did you mean 'sticky'?)"],
    [[() => 1, [], { sticky: 1 }], "broadcast: option 'sticky' must be true or false, got 1"],
  ] as const) {
    await t.throwsAsync(pool.broadcast(...(args as unknown as [() => number])), { code: 'ERR_OPTION', message })
  }
  await t.throwsAsync(
    pool.broadcast(() => outside),
    { code: 'ERR_CAPTURE' },
  )
  await t.throwsAsync(
    pool.broadcast((x: unknown) => x, [() => 1]),
    { code: 'ERR_NOT_CLONEABLE', message: /arguments\[0\]/ },
  )
})
