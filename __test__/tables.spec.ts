// Strings, flat records and lists of one length that follow one another travel in tables; nobody can tell.

import test from 'ava'
import * as fc from 'fast-check'

import { createPool, lazyParMap, parMap, share } from 'everycore'

const many = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i))

/** What its values may be, column by column: at first one kind each, then others now and then. */
const scalar = fc.oneof(
  fc.integer(),
  fc.double(),
  fc.constantFrom(-0, NaN, 2 ** 31, -(2 ** 31)),
  fc.string(),
  fc.string({ unit: 'binary' }),
  fc.boolean(),
  fc.constant(null),
  fc.constant(undefined),
)
const key = fc.oneof(
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'then', '0', '7', 'a b', 'π', '\u2028', '"'),
)
const record = fc.dictionary(key, scalar, { maxKeys: 6 })
/** Many records like one another, of which some columns are filled anew. */
const alike = fc
  .tuple(record, fc.array(record, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 300 }))
  .map(([base, others, count]) => many(count, (i) => ({ ...base, ...others[i % others.length] })))
/** The same of lists, with now and then one that is none. */
const lists = alike.map((records) =>
  records.map((one, i) => {
    const values = Object.values(one)
    if (i % 97 === 50) return Object.assign(values, { named: i })
    // A hole.
    if (i % 97 === 51) values.length++
    return values
  }),
)
const texts = fc
  .tuple(
    fc.array(fc.string({ unit: 'binary', maxLength: 60 }), { minLength: 1, maxLength: 20 }),
    fc.integer({ min: 1, max: 400 }),
  )
  .map(([words, count]) => many(count, (i) => words[i % words.length] as unknown))
const scalars = fc
  .tuple(fc.array(scalar, { minLength: 1, maxLength: 4 }), fc.integer({ min: 1, max: 300 }))
  .map(([values, count]) => many(count, (i) => values[i % values.length]))
const others = fc.array(fc.oneof(fc.array(fc.integer()), fc.bigInt(), fc.record({ inner: record }), fc.date()), {
  maxLength: 5,
})
const list = fc
  .array(fc.oneof<fc.Arbitrary<unknown>[]>(alike, lists, texts, scalars, others), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.flat() as unknown[])

test('whatever follows whatever, items and results are what structured clone makes of them', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      list,
      fc.constantFrom<'same' | 'wrapped' | 'mixed'>('same', 'wrapped', 'mixed'),
      async (items, how) => {
        const results = await parMap(
          items,
          (x, i, { use }) => (use.how === 'wrapped' || (use.how === 'mixed' && i % 70 === 69) ? { x, i } : x),
          { on: 'workers', use: { how } },
        )
        const expected = items.map((x, i) => (how === 'wrapped' || (how === 'mixed' && i % 70 === 69) ? { x, i } : x))
        t.deepEqual(results, structuredClone(expected))
      },
    ),
    { numRuns: 60 },
  )
})

test('records keep the order of their keys, and are plain', async (t) => {
  const items = many(3000, (i) => ({ z: i, a: `${i}`, m: i % 2 === 0 }))
  const results = await parMap(items, ({ z, a, m }) => ({ m, z, text: a }), { on: 'workers' })
  for (const result of [results[0], results[40], results[2999]]) {
    t.deepEqual(Object.keys(result as object), ['m', 'z', 'text'])
    t.is(Object.getPrototypeOf(result), Object.prototype)
  }
  t.deepEqual(results[2999], { m: false, z: 2999, text: '2999' })
})

test('columns widen as values come that they did not take', async (t) => {
  const items = many(5000, (i) => ({
    number: i < 1000 ? i : i + 0.5,
    perhaps: i < 2000 ? i : null,
    text: i < 3000 ? 'plain' : '漢字',
    missing: i < 4000 ? undefined : 'there',
  }))
  const results = await parMap(items, (x) => ({ ...x }), { on: 'workers' })
  t.deepEqual(results, items)
})

test('texts of any length', async (t) => {
  const items = many(700, (i) => 'x'.repeat(i * 37) + (i % 50 === 0 ? 'é' : ''))
  const results = await parMap(items, (text) => `${text}!`, { on: 'workers' })
  t.true(results.every((text, i) => text === `${items[i]}!`))
})

test('a getter runs as in structured clone, and one that throws costs its item', async (t) => {
  let asked = 0
  const item = (i: number): object => ({
    i,
    get value() {
      if (i === 300) throw new RangeError('not this one')
      if (i === 400) asked++
      return i * 2
    },
  })
  const run = parMap(many(500, item) as { i: number; value: number }[], ({ value }) => value, {
    on: 'workers',
    onError: 'return',
  })
  const results = await run
  t.is(asked, 1)
  t.deepEqual([results[299], results[301]], [598, 602])
  t.regex(String(results[300]), /^NotCloneableError: item\.value cannot be cloned/)
})

test('proxies, instances and objects without a prototype are what they were to structured clone', async (t) => {
  class Point {
    x = 1
  }
  const odd = [new Proxy({ x: 1 }, {}), new Point(), Object.assign(Object.create(null), { x: 1 })] as { x: number }[]
  const items = many(300, (i) => (i % 100 === 99 ? (odd[Math.floor(i / 100)] as { x: number }) : { x: 1 }))
  const results = await parMap(items, ({ x }) => x, { on: 'workers', onError: 'return' })
  t.is((results[99] as unknown as Error).name, 'NotCloneableError')
  t.deepEqual(
    results.slice(100),
    many(200, () => 1),
  )
})

test('what is shared goes by its number, records among it', async (t) => {
  const one = share({ x: 1 })
  const items = many(300, (i) => (i % 3 === 0 ? one : { x: i }))
  const results = await parMap(items, (item) => Object.isFrozen(item), { on: 'workers' })
  t.deepEqual(
    results,
    items.map((item) => item === one),
  )
})

test('thenables among results are awaited, functions refused', async (t) => {
  const results = await parMap(
    many(300, (i) => ({ i })),
    ({ i }) => {
      if (i % 100 === 50) return { then: (resolve: (x: unknown) => void) => resolve({ i: -i }) }
      return i % 100 === 70 ? { f: () => i } : { i }
    },
    { on: 'workers', onError: 'return' },
  )
  t.deepEqual(results[150], { i: -150 } as never)
  t.is((results[170] as Error).name, 'NotCloneableError')
  t.deepEqual(results[171], { i: 171 } as never)
})

const kinds: [string, (i: number) => unknown][] = [
  ['texts', (i) => `${i}`],
  ['records', (i) => ({ i, text: `${i}` })],
]
for (const [kind, make] of kinds) {
  test(`a worker that leaves over ${kind} loses the item that it ran, and nothing else`, async (t) => {
    const pool = createPool({ workers: 2 })
    const runs = new Int32Array(new SharedArrayBuffer(20_000 * 4))
    const results = await parMap(
      many(20_000, make),
      (item, i, { use }) => {
        Atomics.add(use, i, 1)
        if (i % 5000 === 4321) process.exit(1)
        return item
      },
      { pool, use: runs, onError: 'return' },
    )
    const failed = results.flatMap((result, i) => (result instanceof Error ? [i] : []))
    t.deepEqual(failed, [4321, 9321, 14_321, 19_321])
    t.true(runs.every((count) => count === 1))
    t.true(results.every((result, i) => result instanceof Error || JSON.stringify(result) === JSON.stringify(make(i))))
    await pool.close()
  })
}

test('failed rows run again, in tables no more', async (t) => {
  const items = many(2000, (i) => ({ i }))
  const results = await parMap(
    items,
    ({ i }, _, { attempt }) => {
      if (i % 500 === 7 && attempt < 3) throw new Error('not yet')
      return { i, attempt }
    },
    { on: 'workers', retries: 2 },
  )
  t.deepEqual(
    results,
    items.map(({ i }) => ({ i, attempt: i % 500 === 7 ? 3 : 1 })),
  )
})

test('a cancel stops what has not begun', async (t) => {
  const begun = new Int32Array(new SharedArrayBuffer(4))
  const job = parMap(
    many(100_000, (i) => `${i}`),
    (text, _, { use }) => {
      Atomics.add(use, 0, 1)
      const until = performance.now() + 0.1
      while (performance.now() < until);
      return text
    },
    { on: 'workers', use: begun },
  )
  while (Atomics.load(begun, 0) === 0) await new Promise((resolve) => setImmediate(resolve))
  job.cancel()
  await t.throwsAsync(job, { name: 'AbortError' })
  t.true(Atomics.load(begun, 0) < 100_000)
})

test('a lazy map over records', async (t) => {
  const items = many(5000, (i) => ({ i, name: `n${i % 10}` }))
  const results: unknown[] = []
  for await (const result of lazyParMap(items, ({ i, name }) => ({ name, next: i + 1 }), { on: 'workers' }))
    results.push(result)
  t.deepEqual(
    results,
    items.map(({ i, name }) => ({ name, next: i + 1 })),
  )
})

test('a queue with little room takes tables one after the other', async (t) => {
  const pool = createPool({ workers: 1, maxQueue: { bytes: 64 * 1024 }, whenFull: 'wait' })
  const items = many(20_000, (i) => `${i} 漢`)
  t.deepEqual(await parMap(items, (text) => text, { pool }), items)
  await pool.close()
})

test('a table that a worker left open when it died is nobody else’s', async (t) => {
  await using pool = createPool({ workers: 1 })
  const records = many(41, (i) => ({ i, text: `item ${i}` }))
  const leave = (record: { i: number }): unknown =>
    record.i === 40 ? (process as unknown as { reallyExit(code: number): never }).reallyExit(1) : { ...record }
  await pool.parMap(records, leave, { chunk: 64, onError: 'return' })
  // The one that takes its place, and its memory, is looked at while it has not told of anything yet.
  const slow = (x: number): number => {
    const until = performance.now() + (x === 50 ? 50 : 0)
    while (performance.now() < until);
    return x + 1
  }
  const numbers = Float64Array.from({ length: 64 }, (_, i) => i)
  t.deepEqual(
    await pool.parMap(numbers, slow, { chunk: 64 }),
    numbers.map((x) => x + 1),
  )
})
