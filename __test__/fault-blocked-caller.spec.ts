// Row 32: the calling thread is blocked while work goes on. Results come later, kills are delayed, and none is false.

import test from 'ava'

import { createPool } from 'everycore'
import { assertIdle } from 'everycore/testing'

const block = (ms: number): void => void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)

test('for longer than the time limit of what runs meanwhile', async (t) => {
  await using pool = createPool({ workers: 2 })
  await pool.warmup()
  const ran = new Int32Array(new SharedArrayBuffer(4))
  const quick = pool.parMap(
    Array.from({ length: 100 }, (_, i) => i),
    (x, _, { use }) => {
      Atomics.add(use.ran, 0, 1)
      return x * 2
    },
    { use: { ran }, timeout: 1000, name: 'quick' },
  )
  const endless = pool.run(
    () => {
      for (;;);
    },
    [],
    { timeout: 50, grace: 0 },
  )
  const leaves = pool.run(() => process.exit(4))
  const ends = Promise.allSettled([endless, leaves])
  // What was asked for is on its way; then this thread does nothing at all for longer than any of the limits.
  await new Promise((resolve) => setImmediate(resolve))
  block(1500)
  t.deepEqual(
    await quick,
    Array.from({ length: 100 }, (_, i) => i * 2),
  )
  t.is(ran[0], 100, 'each item ran once')
  const [killed, left] = (await ends) as PromiseRejectedResult[]
  t.is((killed!.reason as { code: string }).code, 'ERR_TIMEOUT')
  t.is((left!.reason as { code: string }).code, 'ERR_WORKER_EXIT')
  t.deepEqual(await Promise.all([pool.run(() => 1), pool.run(() => 2)]), [1, 2])
  await pool.close()
  assertIdle(pool)
})
