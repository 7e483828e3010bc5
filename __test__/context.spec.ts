// What a function is told of itself, in every lane, and the same by `currentTask()` from anywhere inside.

import test from 'ava'

import { createPool, currentTask, parMap, run, workerModule } from 'everycore'
import { resultOf } from './fixtures/process.ts'
import { told } from './fixtures/shared.ts'

const lanes = [
  ['workers', { on: 'workers' }],
  ['caller', { on: 'caller' }],
  ['sequential', { concurrency: 0 }],
] as const

for (const [lane, where] of lanes) {
  test(`every field: ${lane}`, async (t) => {
    const job = parMap(
      ['x', 'y'],
      (item, index, ctx) => ({
        item,
        index,
        attempt: ctx.attempt,
        use: ctx.use,
        metadata: ctx.metadata,
        id: ctx.id,
        name: ctx.name,
        worker: ctx.worker,
        aborted: ctx.aborted,
        signal: ctx.signal.aborted,
      }),
      { ...where, use: { a: [1] }, metadata: { b: 2 }, name: 'fields' },
    )
    const [first, second] = await job
    t.like(first, {
      item: 'x',
      index: 0,
      attempt: 1,
      use: { a: [1] },
      metadata: { b: 2 },
      id: job.id,
      name: 'fields',
      aborted: false,
      signal: false,
    })
    t.like(second, { item: 'y', index: 1 })
    if (lane === 'workers') t.is(typeof first!.worker, 'number')
    else t.is(first!.worker, null)
  })

  test(`empty use and metadata: ${lane}`, async (t) => {
    t.deepEqual(await parMap([0], (_x, _i, { use, metadata }) => [use, metadata], where), [[{}, {}]])
  })

  test(`attempt counts: ${lane}`, async (t) => {
    const attempts = await parMap(
      [0],
      (_x, _i, { attempt }) => {
        if (attempt < 3) throw new Error('again')
        return attempt
      },
      { ...where, retries: 5 },
    )
    t.deepEqual(attempts, [3])
  })
}

interface Tasks {
  deep(x: number): Promise<[boolean, boolean, boolean, string]>
  outside(): boolean
  interleaved(x: number, index: number): Promise<boolean>
  waits(x: number): Promise<string>
}
const tasks = workerModule<Tasks>(new URL('./fixtures/context.mjs', import.meta.url))

test('currentTask in nested async code of a module', async (t) => {
  t.deepEqual(await run(tasks.deep, [1], { name: 'deep' }), [true, true, true, 'deep'])
})

test('currentTask of items that await at the same time in one worker', async (t) => {
  const pool = createPool({ workers: 1 })
  const results = await pool.parMap([0, 1, 2, 3, 4, 5, 6, 7], tasks.interleaved, { concurrency: 8 })
  t.deepEqual(results, Array(8).fill(true))
  await pool.close()
})

test('currentTask on the caller, and outside of any task', async (t) => {
  t.is(currentTask(), undefined)
  const seen = await parMap([1, 2], async (x, _i, ctx) => {
    await new Promise((resolve) => setImmediate(resolve))
    return [x, currentTask() === (ctx as unknown)]
  })
  t.deepEqual(seen, [
    [1, true],
    [2, true],
  ])
  t.is(currentTask(), undefined)
})

test('aborted is seen by a loop that never returns to the event loop', async (t) => {
  const state = new Int32Array(new SharedArrayBuffer(8))
  const pool = createPool({ workers: 1 })
  const job = pool.run(
    (_x: number, ctx) => {
      Atomics.store(ctx.use.state, 0, 1)
      Atomics.notify(ctx.use.state, 0)
      while (!ctx.aborted);
      Atomics.store(ctx.use.state, 1, ctx.signal.aborted ? 2 : 1)
      Atomics.notify(ctx.use.state, 1)
    },
    [0],
    { use: { state }, grace: 30_000 },
  )
  await told(state)
  job.cancel()
  await told(state, 1)
  t.is(state[1], 2)
  await pool.close()
})

test('signal aborts what awaits, with the reason of a timeout or of a cancel', async (t) => {
  const state = new Int32Array(new SharedArrayBuffer(8))
  const pool = createPool({ workers: 1 })
  const waits = (_x: number, ctx: { use: { state: Int32Array }; signal: AbortSignal }): Promise<void> =>
    new Promise((resolve) => {
      const { state } = ctx.use
      ctx.signal.addEventListener('abort', () => {
        Atomics.store(
          state,
          1,
          ctx.signal.reason.name === 'TimeoutError' ? 2 : ctx.signal.reason.name === 'AbortError' ? 1 : 3,
        )
        Atomics.notify(state, 1)
        resolve()
      })
      Atomics.store(state, 0, 1)
      Atomics.notify(state, 0)
    })
  const job = pool.run(waits, [0], { use: { state }, grace: 30_000 })
  await told(state)
  job.cancel()
  await told(state, 1)
  t.is(state[1], 1)
  state.fill(0)
  await t.throwsAsync(pool.run(waits, [0], { use: { state }, grace: 30_000, timeout: 10 }), { code: 'ERR_TIMEOUT' })
  await told(state, 1)
  t.is(state[1], 2)
  await pool.close()
})

test('on the caller promises are followed only once somebody has asked, and then all tasks find themselves', async (t) => {
  const answer = await resultOf(`
    import { currentTask, parMap } from 'everycore'
    const turn = () => new Promise((resolve) => setTimeout(resolve, 1))
    // Node marks each promise while any store is in use, but for newer lines, where a store costs nothing.
    const marked = () => Object.getOwnPropertySymbols(Promise.resolve()).length > 0
    await parMap([1, 2, 3], async (x) => { await turn(); return x })
    const before = marked()
    const asks = async (x, index, ctx) => {
      const first = currentTask()
      await turn()
      return first === ctx && currentTask() === ctx
    }
    const asked = await parMap([1, 2, 3], asks, { concurrency: 2 })
    const outside = [currentTask() ?? null]
    const later = await parMap([1, 2, 3], async (x, index, ctx) => { await turn(); return currentTask() === ctx }, { concurrency: 2 })
    await turn()
    outside.push(currentTask() ?? null, await Promise.resolve().then(() => currentTask() ?? null))
    console.log(JSON.stringify({ before, asked, later, outside }))`)
  t.deepEqual(answer, {
    before: false,
    asked: [true, true, true],
    later: [true, true, true],
    outside: [null, null, null],
  })
})
