// `batch` in workers.

import test from 'ava'

import { batch, createPool, ParallelError } from 'everycore'
import { makeRoom } from './fixtures/shared.ts'
import { watched } from './fixtures/watched.ts'

await makeRoom()

test('a sync function is sent to workers with its batches', async (t) => {
  const [thread] = await batch([1, 2, 3], () => require('node:worker_threads').threadId as number)
  t.not(thread, 0)
  const items = Array.from({ length: 5000 }, (_, i) => i)
  const results = await batch(items, (some) => some.map((x) => ({ x })), { size: 7 })
  t.deepEqual(
    results,
    items.map((x) => ({ x })),
  )
})

test('a worker that dies fails its batch alone', async (t) => {
  await using pool = createPool({ workers: 2 })
  const job = pool.batch(
    watched(100).items,
    (items, index) => {
      if (index === 3) process.exit(1)
      return items
    },
    { size: 10 },
  )
  const error = (await t.throwsAsync(job, { message: /^1 of 10 batches failed; first \(batch 3\)/ })) as ParallelError
  t.like(error.cause, { code: 'ERR_WORKER_EXIT' })
  t.regex((error.cause as Error).message, /\(batch 3\)/)
  t.is(error.results.length, 91)
  t.deepEqual(job.progress, { done: 100, failed: 10, total: 100 })
})

test('timeout stops an endless batch', async (t) => {
  await using pool = createPool({ workers: 2 })
  const outcomes = await pool
    .batch(
      [1, 2, 3],
      (items, index) => {
        if (index === 1) for (;;);
        return items
      },
      { size: 1, timeout: 100, grace: 1 },
    )
    .settled()
  t.like(outcomes, [{ value: [1] }, { reason: { code: 'ERR_TIMEOUT' } }, { value: [3] }])
  t.regex((outcomes[1] as { reason: Error }).reason.message, /\(batch 1\) did not end within its timeout of 100 ms/)
})

test('what cannot cross is told by its place in the batch', async (t) => {
  for (const concurrency of [4, 0]) {
    const outcomes = await batch([1, { f: () => 1 }, 3], (items) => items, { size: 2, concurrency }).settled()
    t.like(outcomes, [{ reason: { code: 'ERR_NOT_CLONEABLE', path: 'items[1].f' } }, { value: [3] }])
  }
})
