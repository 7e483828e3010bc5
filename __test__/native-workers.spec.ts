// Native functions called by tasks: on the threads of the pool that the worker belongs to, which may end at any moment.

import test from 'ava'

import { createPool, workerModule } from 'everycore'
import { makeRoom } from './fixtures/shared.ts'

await makeRoom()

interface Tasks {
  sumOfTwos(length: number): Promise<number>
  sumInPoolOfOwn(length: number): Promise<number>
  leaveInTheMiddle(length: number): never
}
const tasks = workerModule<Tasks>(new URL('./fixtures/native.mjs', import.meta.url))
const MANY = 600_000

test('a task waits for native work, on the threads of its own pool', async (t) => {
  await using pool = createPool({ workers: 1, nativeThreads: 2 })
  t.deepEqual(await pool.parMap([MANY, 3, MANY], tasks.sumOfTwos), [2 * MANY, 6, 2 * MANY])
  t.like(pool.stats(), { nativeThreads: 2, workers: { started: 1 } })
})

test('a pool that a task makes has native threads too', async (t) => {
  await using pool = createPool({ workers: 1 })
  t.is(await pool.run(tasks.sumInPoolOfOwn, [MANY]), MANY)
})

test('a worker that ends takes its memory along, not the process', async (t) => {
  await using pool = createPool({ workers: 2 })
  const shared = new Float64Array(new SharedArrayBuffer(MANY * 8)).fill(1)
  for (let i = 0; i < 5; i++) {
    await t.throwsAsync(pool.run(tasks.leaveInTheMiddle, [4_000_000]), { code: 'ERR_WORKER_EXIT' })
    t.is(await pool.native.sum(shared), MANY)
  }
})
