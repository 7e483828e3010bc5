// `pool.job(id)`: a look at jobs that are open, and at the last that were.

import test from 'ava'

import { createPool, defaultPool, lazyParMap, parMap, run } from 'everycore'
import { resultOf } from './fixtures/process.ts'
import { told, words } from './fixtures/shared.ts'

const hold = (_x: number, ctx: { use: { gate: Int32Array } }): void => {
  Atomics.store(ctx.use.gate, 1, 1)
  Atomics.notify(ctx.use.gate, 1)
  Atomics.wait(ctx.use.gate, 0, 0)
}

test('an open job, as it goes on, and when it has ended', async (t) => {
  await using pool = createPool({ workers: 1 })
  const gate = words(2)
  const metadata = { user: 3 }
  const job = pool.run(hold, [0], { use: { gate }, metadata })
  const look = pool.job(job.id)!
  t.like(look, { id: job.id, name: 'hold', lane: 'workers', state: 'queued', metadata })
  await told(gate, 1)
  t.is(look.state, 'running')
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
  await job
  t.is(look.state, 'done')
  const later = pool.job(job.id)!
  t.deepEqual(later.progress, { done: 1, failed: 0, total: 1 })
  t.deepEqual(later.timing, job.timing)
  t.deepEqual(later.metadata, metadata)
})

test('every verb, in every lane', async (t) => {
  await using pool = createPool({ workers: 1 })
  const jobs = [
    pool.run(() => 1),
    pool.run(() => 1),
    pool.run(async () => 1),
    pool.run(() => 1, [], { priority: 'low' }),
    pool.parMap([1, 2], (x) => x),
    pool.parMap([1, 2], async (x) => x),
    pool.par([() => 1, async () => 2]),
    pool.batch([1, 2, 3], (items) => items),
  ]
  for (const job of jobs) t.is(pool.job(job.id)?.name, job.name)
  await Promise.all(jobs)
  for (const job of jobs) {
    t.like(pool.job(job.id)?.toJSON(), { id: job.id, lane: job.lane, state: 'done', progress: job.progress })
  }
  t.is(defaultPool.job(jobs[0]!.id), undefined, 'of another pool')
})

test('failed and cancelled ones', async (t) => {
  const failed = run(() => {
    throw new Error('no')
  })
  await t.throwsAsync(failed)
  t.is(defaultPool.job(failed.id)?.state, 'failed')
  const map = parMap([1, 2], async (x) => {
    if (x === 2) throw new Error('no')
  })
  await t.throwsAsync(map)
  t.like(defaultPool.job(map.id), { state: 'failed', progress: { done: 2, failed: 1 } })
})

test('cancel by id', async (t) => {
  const call = run(() => {
    for (;;);
  })
  const map = parMap([1], async () => new Promise(() => {}))
  const reason = new Error('by id')
  defaultPool.job(call.id)!.cancel(reason)
  defaultPool.job(map.id)!.cancel()
  t.is(((await call.settled()) as PromiseRejectedResult).reason, reason)
  t.like(await map.settled(), [{ reason: { code: 'ERR_CANCELLED' } }])
  t.is(defaultPool.job(call.id)!.state, 'cancelled')
  defaultPool.job(call.id)!.cancel()
})

test('it is no promise: an async function can return it', async (t) => {
  const job = parMap([1], async () => new Promise(() => {}))
  const look = await (async () => defaultPool.job(job.id))()
  t.true(look !== undefined)
  t.is(job.state, look!.state)
  t.deepEqual(Object.keys(JSON.parse(JSON.stringify(look))), [
    'id',
    'name',
    'lane',
    'state',
    'progress',
    'metadata',
    'timing',
  ])
  job.cancel()
})

test('a flow, from its first result on', async (t) => {
  let id = ''
  const flow = lazyParMap([1, 2, 3, 4], async (x, _i, ctx) => {
    id = ctx.id
    return x
  })
  t.is((await flow.next()).value, 1)
  const look = defaultPool.job(id)!
  t.like(look, { lane: 'caller', name: 'anonymous' })
  for await (const _ of flow);
  t.is(look.state, 'done')
  t.deepEqual(defaultPool.job(id)!.progress, { done: 4, failed: 0, total: 4 })
  for (const [reason, code] of [
    [undefined, 'ERR_CANCELLED'],
    [Object.assign(new Error('mine'), { code: 'MINE' }), 'MINE'],
  ] as const) {
    const stopped = lazyParMap([1, 2], async (x, _i, ctx) => {
      id = ctx.id
      if (x === 2) await new Promise(() => {})
    })
    await stopped.next()
    defaultPool.job(id)!.cancel(reason)
    t.is(defaultPool.job(id)!.state, 'cancelled')
    await t.throwsAsync(stopped.next(), { code })
  }
})

test('unknown ids, and whatever is no id', (t) => {
  for (const id of ['', '0', 'c1.', 'c99.1', 'c1.-1', 'x', '__proto__', undefined, null, 7, {}])
    t.is(defaultPool.job(id as never), undefined)
})

test('the last thousand are remembered, calls and jobs apart', async (t) => {
  const pool = createPool({ workers: 1 })
  const map = pool.parMap([1], async (x) => x)
  const first = pool.run((x: number) => x, [0])
  await Promise.all([map, first])
  await Promise.all(Array.from({ length: 999 }, (_, i) => pool.run((x: number) => x, [i])))
  t.is(pool.job(first.id)?.state, 'done')
  await pool.run((x: number) => x, [1000])
  t.is(pool.job(first.id), undefined)
  t.is(pool.job(map.id)?.state, 'done', 'calls do not push out a map')
  for (let i = 0; i < 1000; i++) await pool.run(async () => i)
  t.is(pool.job(map.id), undefined)
  await pool.close()
})

test('many open at once are all found', async (t) => {
  const jobs = Array.from({ length: 3000 }, (_, i) => parMap([i], async () => new Promise(() => {})))
  t.true(jobs.every((job) => defaultPool.job(job.id)?.state === 'queued'))
  for (const job of jobs) job.cancel()
  await Promise.all(jobs.map((job) => job.settled()))
  t.is(defaultPool.job(jobs.at(-1)!.id)?.state, 'cancelled')
})

test('nothing is held: results of ended jobs, and jobs that can never end', async (t) => {
  const [kept, lost] = (await resultOf('', {
    args: [
      '--expose-gc',
      '--input-type=module',
      '-e',
      `
      import { defaultPool, parMap, run } from 'everycore'
      const turn = () => new Promise((resolve) => setTimeout(resolve, 5))
      const refs = []
      // In a function: what it had in its registers is gone with it.
      const once = async (i) => {
        const [one] = await parMap([i], async () => ({ large: new Array(1000).fill(i) }))
        const two = await run((x) => ({ x }), [i])
        const three = await run((x) => ({ x }), [i], { priority: 'high' })
        const four = await parMap([i], (x) => ({ x }))
        refs.push(new WeakRef(one), new WeakRef(two), new WeakRef(three), new WeakRef(four))
      }
      for (let i = 0; i < 200; i++) await once(i)
      for (let i = 0; i < 20; i++) { await turn(); gc() }
      const kept = refs.filter((ref) => ref.deref()).length
      let never = []
      for (let i = 0; i < 200; i++) never.push(new WeakRef(parMap([i], async () => new Promise(() => {}))))
      for (let i = 0; i < 20; i++) { await turn(); gc() }
      console.log(JSON.stringify([kept, never.filter((ref) => ref.deref()).length]))`,
    ],
  })) as [number, number]
  t.is(kept, 0, `${kept} results of 800 are held`)
  t.true(lost <= 70, `${lost} of 200 jobs are held`)
})
