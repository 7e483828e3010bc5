// `lazyParMap` in workers: order, faults, time limits, and nothing kept that has had its turn.

import test from 'ava'

import { createPool, lazyParMap, taskInfo, workerModule, zip, type Context } from 'everycore'
import { makeRoom, told, words } from './fixtures/shared.ts'
import { turn, watched } from './fixtures/watched.ts'

await makeRoom()

const work = workerModule<{ double: (x: number) => number; item: (x: string, index: number, ctx: Context) => string }>(
  new URL('fixtures/work.mjs', import.meta.url),
)

async function all<R>(flow: AsyncIterable<R>): Promise<R[]> {
  const results: R[] = []
  for await (const result of flow) results.push(result)
  return results
}

test('results stand in the order of the items, or as they complete', async (t) => {
  const items = Array.from({ length: 20_000 }, (_, i) => i)
  const doubled = items.map((x) => x * 2)
  t.deepEqual(await all(lazyParMap(items, (x) => x * 2)), doubled)
  t.deepEqual(await all(lazyParMap(items, work.double)), doubled)
  const completed = await all(lazyParMap(items, (x) => x * 2, { preserveOrder: false, chunk: 7 }))
  t.deepEqual(
    completed.toSorted((a, b) => a - b),
    doubled,
  )
  t.deepEqual(await all(lazyParMap(['a'], work.item)), ['a@0/1'])
  t.deepEqual(await all(lazyParMap(zip([1, 2], [10, 20]), (a, b) => a + b)), [11, 22])
})

test('several workers take part', async (t) => {
  await using pool = createPool({ workers: 3 })
  const here = words(1)
  // Nobody goes before three have come.
  const meet = (_x: number, _i: number, { use }: { use: { here: Int32Array } }): number => {
    Atomics.add(use.here, 0, 1)
    Atomics.notify(use.here, 0)
    for (let now = Atomics.load(use.here, 0); now < 3; now = Atomics.load(use.here, 0)) Atomics.wait(use.here, 0, now)
    return require('node:worker_threads').threadId
  }
  t.is(new Set((await all(pool.lazyParMap([1, 2, 3], meet, { use: { here }, chunk: 1 }))).slice(0, 3)).size, 3)
})

test('results of many shapes, and results that no shape describes', async (t) => {
  const shaped = (x: number): unknown => {
    const key = `key${x % 50}`
    if (x % 7 === 0) return new Map([[key, x]])
    if (x % 11 === 0) return new Error(key)
    return { [key]: x, list: [{ [key]: x }, { [key]: x }] }
  }
  let at = 0
  for await (const result of lazyParMap(watched(5000).items, shaped)) {
    const wanted = shaped(at++)
    if (wanted instanceof Error) t.is((result as Error).message, wanted.message)
    else t.deepEqual(result, wanted)
  }
  t.is(at, 5000)
})

test('promises among the items: late ones find their places', async (t) => {
  const items = function* (): Generator<number | Promise<number>> {
    for (let i = 0; i < 3000; i++) yield i % 3 === 0 ? turn().then(() => i) : i
  }
  const results = await all(lazyParMap(items(), (x) => [x, new Date(x)] as const))
  t.deepEqual(
    results.map(([x]) => x),
    Array.from({ length: 3000 }, (_, i) => i),
  )
})

test('a failed item throws at its turn; what is in flight is given up', async (t) => {
  const source = watched(Infinity)
  const got: number[] = []
  const error = await t.throwsAsync(
    async () => {
      for await (const x of lazyParMap(source.items, (x) => {
        if (x === 500) throw new RangeError(`no ${x}`)
        return x
      }))
        got.push(x)
    },
    { instanceOf: RangeError, message: 'no 500' },
  )
  t.deepEqual(
    got,
    Array.from({ length: 500 }, (_, i) => i),
  )
  t.is(taskInfo(error)?.index, 500)
  t.is(source.closes, 1)
})

test('an item that cannot be sent fails at its turn', async (t) => {
  const got: unknown[] = []
  const items = [1, 2, () => 3, 4]
  const flow = lazyParMap(items, (x) => x)
  await t.throwsAsync(
    async () => {
      for await (const x of flow) got.push(x)
    },
    { code: 'ERR_NOT_CLONEABLE' },
  )
  t.deepEqual(got, [1, 2])
})

test('a worker that dies fails its item, and the flow goes on', async (t) => {
  await using pool = createPool({ workers: 2 })
  const dies = (x: number): number => {
    if (x === 50) process.exit(3)
    return x
  }
  const results = await all(pool.lazyParMap(watched(200).items, dies, { onError: 'return' }))
  t.is(results.length, 200)
  t.like(results[50], { code: 'ERR_WORKER_EXIT', exitCode: 3 })
  t.deepEqual(
    results.filter((_, index) => index !== 50),
    Array.from({ length: 200 }, (_, i) => i).filter((x) => x !== 50),
  )
})

test('timeout stops an endless loop, retries try it again', async (t) => {
  await using pool = createPool({ workers: 2 })
  const attempts = words(3)
  const loops = (
    x: number,
    _i: number,
    { attempt, use }: { attempt: number; use: { attempts: Int32Array } },
  ): string => {
    Atomics.add(use.attempts, x, 1)
    if (x === 1 && attempt === 1) for (;;);
    return `${x}.${attempt}`
  }
  const results = await all(
    pool.lazyParMap([0, 1, 2], loops, { timeout: 300, grace: 1, retries: 1, use: { attempts } }),
  )
  t.deepEqual(results, ['0.1', '1.2', '2.1'])
  t.deepEqual([...attempts], [1, 2, 1])
})

test('functions that await share a worker when `concurrency` says so', async (t) => {
  await using pool = createPool({ workers: 1 })
  const meet = async (x: number): Promise<number> => {
    const g = globalThis as unknown as { met?: (() => void)[] }
    const met = (g.met ??= [])
    await new Promise<void>((resolve) => {
      met.push(resolve)
      if (met.length === 8) met.splice(0).forEach((go) => go())
    })
    return x
  }
  const results = await all(pool.lazyParMap(watched(32).items, meet, { on: 'workers', concurrency: 8 }))
  t.deepEqual(
    results,
    Array.from({ length: 32 }, (_, i) => i),
  )
})

test('a flow inside a task, in the only worker of the pool', async (t) => {
  await using pool = createPool({ workers: 1 })
  const tasks = workerModule<{ sumUpTo: (most: number) => Promise<number>; leavesOpen: () => Promise<number> }>(
    new URL('fixtures/lazy.mjs', import.meta.url),
  )
  t.is(await pool.run(tasks.sumUpTo, [200]), 10_100)
  t.is(await pool.run(tasks.leavesOpen), 2)
  t.is(await pool.run(tasks.sumUpTo, [10]), 30)
})

test('a module that does not load ends the flow with ERR_LOAD', async (t) => {
  const missing = workerModule<{ fn: (x: number) => number }>(new URL('fixtures/missing.mjs', import.meta.url))
  const source = watched(Infinity)
  await t.throwsAsync(lazyParMap(source.items, missing.fn).next(), { code: 'ERR_LOAD' })
  t.is(source.closes, 1)
})

test('a function that cannot be shipped is told at the first next()', async (t) => {
  const outside = 5
  const flow = lazyParMap([1], (x) => x * outside)
  await t.throwsAsync(flow.next(), { code: 'ERR_CAPTURE' })
  t.deepEqual(await flow.next(), { done: true, value: undefined })
})

test('a slow consumer lets the workers rest', async (t) => {
  await using pool = createPool({ workers: 2 })
  const counts = words(1)
  const count = (x: number, _i: number, { use }: { use: { counts: Int32Array } }): number => {
    Atomics.add(use.counts, 0, 1)
    Atomics.notify(use.counts, 0)
    return x
  }
  const flow = pool.lazyParMap(watched(Infinity).items, count, { use: { counts }, buffer: 20 })
  await flow.next()
  for (let ran = counts[0]!; ran < 21; ran = counts[0]!) {
    const wait = Atomics.waitAsync(counts, 0, ran)
    if (wait.async) await Promise.race([wait.value, turn()])
  }
  for (let i = 0; i < 20; i++) await turn()
  t.is(counts[0], 21)
  await flow.return()
  await told(counts)
})
