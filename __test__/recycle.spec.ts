// `recycleAfter`: a worker is replaced by a fresh one between two items, and no work is dropped.

import test from 'ava'

import { createPool, lazyParMap, workerModule } from 'everycore'
import { makeRoom } from './fixtures/shared.ts'

await makeRoom()

const threadOf = (x: number): [number, number] => [x, require('node:worker_threads').threadId]

/** How many items each thread has run. */
function perThread(results: readonly (readonly [number, number])[]): number[] {
  const counts = new Map<number, number>()
  for (const [, thread] of results) counts.set(thread, (counts.get(thread) ?? 0) + 1)
  return [...counts.values()]
}

test('jobs: after so many items, in the midst of a chunk too', async (t) => {
  await using pool = createPool({ workers: 1, recycleAfter: { jobs: 5 } })
  const items = Array.from({ length: 23 }, (_, i) => i)
  const results = await pool.parMap(items, threadOf, { chunk: 10 })
  t.deepEqual(
    results.map(([x]) => x),
    items,
  )
  t.deepEqual(perThread(results), [5, 5, 5, 5, 3])
  t.is(pool.stats().workers.replaced, 0, 'those that die are another matter')
})

test('jobs: several workers, and calls of run', async (t) => {
  await using pool = createPool({ workers: 3, recycleAfter: { jobs: 20 } })
  const results = await pool.parMap(
    Array.from({ length: 300 }, (_, i) => i),
    threadOf,
  )
  t.is(results.length, 300)
  t.true(Math.max(...perThread(results)) <= 20)
  const calls = await Promise.all(Array.from({ length: 200 }, (_, i) => pool.run(threadOf, [i])))
  t.deepEqual(
    calls.map(([x]) => x),
    Array.from({ length: 200 }, (_, i) => i),
  )
  t.true(Math.max(...perThread(calls)) <= 20)
})

test('ms: after so long a life', async (t) => {
  await using pool = createPool({ workers: 1, recycleAfter: { ms: 60 } })
  const results = await pool.parMap(
    Array.from({ length: 20 }, (_, i) => i),
    (x) => {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10)
      return [x, require('node:worker_threads').threadId] as [number, number]
    },
    { chunk: 20 },
  )
  t.true(perThread(results).length >= 2)
  t.true(Math.max(...perThread(results)) < 10)
})

test('heap: when it holds too much', async (t) => {
  await using pool = createPool({ workers: 1, recycleAfter: { heap: 40 * 2 ** 20 } })
  const results = await pool.parMap(
    Array.from({ length: 40 }, (_, i) => i),
    (x) => {
      const kept = ((globalThis as unknown as { kept: unknown[] }).kept ??= [])
      kept.push(Array.from({ length: 400_000 }, (_, i) => i + 0.5))
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5)
      return [x, require('node:worker_threads').threadId] as [number, number]
    },
    { chunk: 40 },
  )
  t.deepEqual(
    results.map(([x]) => x),
    Array.from({ length: 40 }, (_, i) => i),
  )
  t.true(perThread(results).length >= 2)
})

test('items that await end where they began', async (t) => {
  await using pool = createPool({ workers: 1, recycleAfter: { jobs: 3 } })
  const results = await pool.parMap(
    Array.from({ length: 12 }, (_, i) => i),
    async (x) => {
      const { threadId } = require('node:worker_threads') as typeof import('node:worker_threads')
      await new Promise((resolve) => setTimeout(resolve, 10))
      return [x, threadId] as [number, number]
    },
    { on: 'workers', concurrency: 4, chunk: 4 },
  )
  t.is(results.length, 12)
  t.deepEqual(perThread(results), [3, 3, 3, 3])
})

test('retries, failures and nested calls go on', async (t) => {
  await using pool = createPool({ workers: 2, recycleAfter: { jobs: 2 } })
  const outcomes = await pool
    .parMap(
      Array.from({ length: 30 }, (_, i) => i),
      (x, _i, ctx) => {
        if (x % 3 === 0 && ctx.attempt < 3) throw new Error('again')
        if (x % 7 === 0) throw new RangeError('no')
        return x
      },
      { retries: { times: 2, when: (error) => (error as Error).message === 'again' }, chunk: 8 },
    )
    .settled()
  outcomes.forEach((one, x) => t.is(one.status, x % 7 === 0 ? 'rejected' : 'fulfilled'))
  const nested = workerModule<{ chain: (depth: number) => Promise<number> }>(
    new URL('./fixtures/nested.mjs', import.meta.url),
  )
  t.is(await pool.run(nested.chain, [12]), 12)
})

test('a lazy map', async (t) => {
  await using pool = createPool({ workers: 2, recycleAfter: { jobs: 4 } })
  let next = 0
  for await (const [x] of lazyParMap(
    (function* () {
      for (let i = 0; i < 60; i++) yield i
    })(),
    threadOf,
    { pool },
  ))
    t.is(x, next++)
  t.is(next, 60)
})

test('a stray exception: what the worker has not begun runs elsewhere', async (t) => {
  await using pool = createPool({ workers: 1, stderr: false })
  const results = await pool.parMap(
    Array.from({ length: 50 }, (_, i) => i),
    async (x) => {
      const { threadId } = require('node:worker_threads') as typeof import('node:worker_threads')
      if (x === 10)
        setImmediate(() => {
          throw new Error('stray')
        })
      return [x, threadId] as [number, number]
    },
    { on: 'workers', chunk: 50 },
  )
  t.is(results.length, 50)
})
