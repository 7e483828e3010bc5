// A task changes what all code of its thread stands on: promises, prototypes, globals, the clock.
import test from 'ava'
import { createPool } from 'everycore'
import { hazards } from './support/hazards.ts'
import { fails, survive } from './support/scene.ts'

test('a patched Promise.prototype.then', async (t) => {
  for (const outcome of await survive(t, 'patchedThen')) t.deepEqual(outcome, { status: 'fulfilled', value: 'patched' })
})

test('frozen prototypes', (t) => fails(t, 'frozen', { class: 'RangeError', message: 'thrown' }))

test('methods and globals that throw: what it says of its items may be an error, but it says it of each, and another worker does not notice', async (t) => {
  const pool = createPool({ workers: 1, recycleAfter: { jobs: 3 } })
  const outcomes = await pool
    .parMap(['fine', 'fault', 'also fine'], hazards.patchedGlobals as never, { chunk: 3 })
    .settled()
  t.is(outcomes.length, 3)
  t.deepEqual(outcomes[0], { status: 'fulfilled', value: 'fine' } as never)
  const again = await pool.parMap([1, 2, 3, 4], hazards.same as never, { retries: 5 })
  t.deepEqual(again, [1, 2, 3, 4] as never)
  await pool.close()
})

test('a clock that jumps, in the worker', async (t) => {
  for (const outcome of await survive(t, 'changesClock', { options: { timeout: 10_000 } }))
    t.deepEqual(outcome, { status: 'fulfilled', value: 'changed' })
})

test.serial('a clock that jumps, on the calling thread', async (t) => {
  const pool = createPool({ workers: 1 })
  const { now } = Date
  try {
    for (const jump of [86_400_000, -86_400_000]) {
      const options = { timeout: 10_000, retries: { times: 1, delay: 1 } }
      const map = pool.parMap([1, 2, 3], hazards.same as never, options)
      const call = pool.run(hazards.same as never, [1] as never, { ...options, queueTimeout: 10_000 })
      Date.now = () => now() + jump
      t.deepEqual(await map, [1, 2, 3] as never)
      t.is(await call, 1 as never)
      Date.now = now
    }
  } finally {
    Date.now = now
  }
  await pool.close()
})
