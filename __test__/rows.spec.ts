// Numbers that follow one another travel in rows; nobody can tell.

import test from 'ava'
import * as fc from 'fast-check'

import { createPool, lazyParMap, parMap } from 'everycore'

const many = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

test('every kind of number comes back as it was', async (t) => {
  const odd = [0, -0, NaN, Infinity, -Infinity, 2 ** 53 + 2, -(2 ** 31), 2 ** 31, 5e-324, 1.5]
  const items = many(3000).map((i) => odd[i % odd.length] as number)
  const results = await parMap(items, (x) => x, { on: 'workers' })
  t.true(results.every((result, i) => Object.is(result, items[i])))
})

test('other values among numbers, as items and as results', async (t) => {
  const anything = fc.oneof(
    { weight: 20, arbitrary: fc.double() },
    fc.string(),
    fc.constant(undefined),
    fc.constant(null),
    fc.dictionary(fc.string(), fc.integer()),
  )
  // Long stretches of numbers with others between them, and short ones.
  const stretches = fc.array(fc.tuple(anything, fc.integer({ min: 1, max: 700 })), { maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(stretches, fc.integer({ min: 1, max: 50 }), async (parts, every) => {
      const items = parts.flatMap(([value, count]) => Array.from({ length: count }, () => value))
      const results = await parMap(items, (x, i, { use }) => (i % use.every === 0 ? [x] : x), {
        on: 'workers',
        use: { every },
      })
      t.deepEqual(
        results,
        items.map((x, i) => (i % every === 0 ? [x] : x)),
      )
    }),
    { numRuns: 30 },
  )
})

test('numbers behind other items of a segment that has just begun', async (t) => {
  const items = ['text', ...many(200)]
  t.deepEqual(await parMap(items, (x) => x, { on: 'workers' }), items)
})

test('elements are read in order, and while the map runs', async (t) => {
  const items: unknown[] = many(200)
  const reads: number[] = []
  for (const at of [0, 70, 71, 199])
    Object.defineProperty(items, at, {
      get: () => {
        reads.push(at)
        if (at === 199 && items.length === 200) items.push(1000, 1001)
        return at === 70 ? 'text' : at
      },
    })
  const results = await parMap(items, (x) => x, { on: 'workers' })
  // Before that they were looked at for promises.
  t.deepEqual(reads.slice(4), [0, 70, 71, 199])
  t.deepEqual(results, [...many(70), 'text', ...many(200).slice(71), 1000, 1001])
})

test('an element that throws ends the map as its iterator would', async (t) => {
  const items = many(500)
  Object.defineProperty(items, 300, {
    get: () => {
      throw new RangeError('no element')
    },
  })
  await t.throwsAsync(
    parMap(items, (x) => x, { on: 'workers' }),
    { instanceOf: RangeError, message: 'no element' },
  )
})

test('a promise among numbers is awaited', async (t) => {
  const items: (number | Promise<number>)[] = many(300)
  items[150] = Promise.resolve(-1)
  const results = await parMap(items, (x) => x + 1, { on: 'workers' })
  t.deepEqual(
    results,
    many(300).map((i) => (i === 150 ? 0 : i + 1)),
  )
})

test('a failure among numbers costs that item', async (t) => {
  const run = (onError: 'return' | 'collect') =>
    parMap(
      many(5000),
      (x) => {
        if (x % 1000 === 999) throw new Error(`no ${x}`)
        return x * 2
      },
      { on: 'workers', onError },
    )
  const results = await run('return')
  t.deepEqual(
    results.map((result) => (result instanceof Error ? result.message : result)),
    many(5000).map((x) => (x % 1000 === 999 ? `no ${x}` : x * 2)),
  )
  const error = await t.throwsAsync(run('collect'))
  t.is((error as { errors?: unknown[] }).errors?.length, 5)
})

test('a worker that dies in a row costs the item that ran', async (t) => {
  await using pool = createPool({ workers: 2 })
  const counts = new Int32Array(new SharedArrayBuffer(4 * 20_000))
  const outcomes = await pool
    .parMap(
      many(20_000),
      (x, _, { use }) => {
        Atomics.add(use.counts, x, 1)
        if (x === 7000 || x === 15_000) process.exit(3)
        return x + 0.5
      },
      { use: { counts }, on: 'workers' },
    )
    .settled()
  t.true(counts.every((count) => count === 1))
  for (const [x, outcome] of outcomes.entries()) {
    if (x === 7000 || x === 15_000) t.is((outcome as { reason?: { code?: string } }).reason?.code, 'ERR_WORKER_EXIT')
    else if ((outcome as { value?: number }).value !== x + 0.5) t.fail(`item ${x}`)
  }
})

test('results reach their consumer while a long item of the same claim runs', async (t) => {
  await using pool = createPool({ workers: 1 })
  const gate = new Int32Array(new SharedArrayBuffer(4))
  // The claims of a function that is known to be quick are long.
  const quick = (x: number, _: number, { use }: { use: { gate: Int32Array } }): number => {
    if (x === 2500) Atomics.wait(use.gate, 0, 0)
    return x
  }
  await pool.parMap(many(5000).fill(0), quick, { use: { gate }, on: 'workers' })
  const seen: number[] = []
  const job = pool.parMap(many(5000), quick, {
    use: { gate },
    on: 'workers',
    onProgress: ({ done }) => {
      seen.push(done)
      if (done !== 2500) return
      Atomics.store(gate, 0, 1)
      Atomics.notify(gate, 0)
    },
  })
  t.is((await job).length, 5000)
  t.true(seen.includes(2500))
})

test('rows in lazy maps, in completion order, with progress, retries and typed arrays', async (t) => {
  const lazy: number[] = []
  for await (const result of lazyParMap(many(3000), (x) => x + 1, { on: 'workers' })) lazy.push(result)
  t.deepEqual(
    lazy,
    many(3000).map((x) => x + 1),
  )
  const unordered = await parMap(many(3000), (x) => x, { on: 'workers', preserveOrder: false })
  t.deepEqual(
    unordered.toSorted((a, b) => a - b),
    many(3000),
  )
  const retried = await parMap(many(3000), (x) => x, { on: 'workers', retries: 2 })
  t.deepEqual(retried, many(3000))
  const floats = await parMap(Float32Array.from(many(3000)), (x) => x / 2, { on: 'workers' })
  t.deepEqual(
    floats,
    Float32Array.from(many(3000), (x) => x / 2),
  )
  const big = BigInt64Array.from(many(200), BigInt)
  await t.throwsAsync(
    parMap(big, () => 1 as never, { on: 'workers' }),
    { code: 'ERR_PARALLEL' },
  )
})
