// Closing: while work runs and waits, twice, at once from two places, with a deadline, from a task; and what is called afterwards.
import test from 'ava'
import { createPool, defaultPool, run, shutdown } from 'everycore'
import { hazards } from './support/hazards.ts'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

const double = (n: number): number => n * 2

test('what runs and waits is finished first', async (t) => {
  const pool = createPool({ workers: 1 })
  const items = Array.from({ length: 500 }, (_, i) => i)
  const map = pool.parMap(items, double)
  const calls = items.map((i) => pool.run(double, [i]))
  const closed = [pool.close(), pool.close()]
  t.deepEqual(await map, items.map(double))
  t.deepEqual(await Promise.all(calls), items.map(double))
  await Promise.all(closed)
  await pool.close()
})

test('cancelPending ends what would go on for ever', async (t) => {
  const pool = createPool({ workers: 2 })
  const jobs = [
    pool.parMap(['fault', 'fine', 'fault'], hazards.loops as never),
    pool.run(hazards.waitsLong as never, ['fault'] as never),
    pool.run(double, [1]),
  ]
  const outcomes = Promise.allSettled(jobs)
  const closed = pool.close()
  await pool.close({ cancelPending: true })
  await closed
  for (const outcome of await outcomes) {
    if (outcome.status === 'rejected') t.is((outcome.reason as { code: unknown }).code, 'ERR_CANCELLED')
  }
})

test('a deadline ends what would go on for ever', async (t) => {
  const pool = createPool({ workers: 1 })
  const job = pool.run(hazards.loops as never, ['fault'] as never)
  const failed = t.throwsAsync(job, { code: 'ERR_CANCELLED', name: 'AbortError' })
  await pool.close({ timeout: 50 })
  await failed
})

test('cancelPending ends what runs on the caller too', async (t) => {
  function* endless(): Generator<number> {
    for (;;) yield 1
  }
  for (const isUsed of [false, true]) {
    const pool = createPool({ workers: 1 })
    if (isUsed) await pool.run(double, [1])
    let closed: Promise<void> | undefined
    const onProgress = (): void => void (closed ??= pool.close({ cancelPending: true }))
    const map = pool.parMap(endless(), (n) => n, { on: 'caller', onProgress })
    const waits = pool.parMap(
      [1],
      async (_n, _i, { signal }) => new Promise<void>((_, no) => signal.addEventListener('abort', no)),
    )
    await t.throwsAsync(map, { code: 'ERR_CANCELLED', message: 'the pool was closed before this call had finished' })
    await t.throwsAsync(waits, { code: 'ERR_CANCELLED' })
    await closed
  }
})

test('from inside onProgress, patiently: the map goes on to its end', async (t) => {
  for (const on of ['caller', 'workers'] as const) {
    const pool = createPool({ workers: 1 })
    let closed: Promise<void> | undefined
    const items = Array.from({ length: 1000 }, (_, i) => i)
    const onProgress = (): void => void (closed ??= pool.close())
    t.deepEqual(await pool.parMap(items, double, { on, onProgress }), items.map(double))
    await closed
  }
})

test('a closed pool refuses', async (t) => {
  const pool = createPool({ workers: 1 })
  await pool.run(double, [1])
  const closed = pool.close()
  await t.throwsAsync(pool.run(double, [1]), { code: 'ERR_CLOSED' })
  await t.throwsAsync(pool.run(double, [1], { timeout: 10 }), { code: 'ERR_CLOSED' })
  await t.throwsAsync(pool.parMap([1], double), { code: 'ERR_CLOSED' })
  await t.throwsAsync(pool.warmup(), { code: 'ERR_CLOSED' })
  await closed
})

test('a pool never used closes', async (t) => {
  await createPool().close()
  await t.notThrowsAsync(shutdown())
})

test.serial('after shutdown the next call starts a new shared pool', async (t) => {
  t.is(await run(double, [1]), 2)
  await Promise.all([shutdown(), defaultPool.close()])
  t.is(await run(double, [2]), 4)
  await shutdown()
})

test('a task that closes its own pool ends only its own use of it', async (t) => {
  endedWell(t, await child('close-in-worker.mjs'))
})
