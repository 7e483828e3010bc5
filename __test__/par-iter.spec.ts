// Chains over many items: what the same operations on an array give, whatever the source and however it is cut.

import { Readable } from 'node:stream'

import test from 'ava'
import * as fc from 'fast-check'

import { createPool, parIter, range, taskInfo, workerModule } from 'everycore'
import type { NotCloneableError, ParIter } from 'everycore'
import { makeRoom } from './fixtures/shared.ts'

await makeRoom()

const pool = createPool({ workers: 2, name: 'chains' })
test.after.always(() => pool.close())

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => (i * 7919) % 1009)

test('one of each operation', async (t) => {
  const items = numbers(5000)
  const chain = pool.parIter(items)
  t.deepEqual(
    await chain.map((x) => x * 2).collect(),
    items.map((x) => x * 2),
  )
  t.deepEqual(
    await chain.filter((x) => x % 3 === 0).collect(),
    items.filter((x) => x % 3 === 0),
  )
  t.deepEqual(
    await chain.flatMap((x) => [x, -x]).collect(),
    items.flatMap((x) => [x, -x]),
  )
  t.deepEqual(
    await chain.enumerate().collect(),
    items.map((x, i): [number, number] => [i, x]),
  )
  t.is(await chain.reduce((a, b) => Math.max(a, b), 0), 1008)
  t.is(
    await chain.sum(),
    items.reduce((a, b) => a + b),
  )
  t.is(await chain.min(), 0)
  t.is(await chain.max(), 1008)
  t.is(await chain.count(), 5000)
  t.is(await chain.some((x) => x === 1008), true)
  t.is(await chain.some((x) => x > 1008), false)
  t.is(await chain.every((x) => x < 1009), true)
  t.is(await chain.every((x) => x < 1000), false)
  t.is(
    await chain.find((x) => x > 900),
    items.find((x) => x > 900),
  )
  t.is(await chain.find((x) => x > 2000), undefined)
  t.is(await chain.forEach(() => {}), undefined)
  const words = await chain
    .fold(
      () => new Map<number, number>(),
      (counts, x) => counts.set(x % 10, (counts.get(x % 10) ?? 0) + 1),
    )
    .reduce((a, b) => {
      for (const [key, count] of b) a.set(key, (a.get(key) ?? 0) + count)
      return a
    })
  t.is(words.get(3), items.filter((x) => x % 10 === 3).length)
})

test('chunks are of one size, however the source is cut', async (t) => {
  for (const [count, size] of [
    [5000, 7],
    [5000, 1],
    [100, 1000],
    [0, 3],
    [12_345, 100],
  ] as const) {
    const chunks = await pool.parIter(numbers(count)).chunks(size).collect()
    t.deepEqual(chunks.flat(), numbers(count))
    t.true(chunks.every((chunk, i) => chunk.length === Math.min(size, count - i * size)))
  }
  const pairs = await pool.parIter(numbers(1000)).chunks(3).enumerate().chunks(2).collect()
  t.is(pairs.length, 167)
  t.deepEqual(pairs[100]?.[1]?.[0], 201)
  t.deepEqual(pairs[100]?.[1]?.[1], numbers(1000).slice(603, 606))
})

test('places behind a filter: all items are waited for', async (t) => {
  const odd = numbers(3000).filter((x) => x % 2 === 1)
  const found = await pool
    .parIter(numbers(3000))
    .filter((x) => x % 2 === 1)
    .enumerate()
    .map(([i, x]) => i * 10_000 + x)
    .chunks(4)
    .collect()
  t.deepEqual(
    found.flat(),
    odd.map((x, i) => i * 10_000 + x),
  )
  t.true(found.slice(0, -1).every((chunk) => chunk.length === 4))
})

test('every kind of source', async (t) => {
  const items = numbers(3000)
  const doubled = items.map((x) => x * 2)
  const double = <U extends object>(chain: ParIter<number, U>): Promise<number[]> => chain.map((x) => x * 2).collect()
  t.deepEqual(await double(pool.parIter(new Float32Array(items))), doubled)
  const shared = new Int32Array(new SharedArrayBuffer(4 * 3001), 4)
  shared.set(items)
  t.deepEqual(await double(pool.parIter(shared)), doubled)
  t.deepEqual(
    await double(pool.parIter(new Set(items.keys()))),
    [...items.keys()].map((x) => x * 2),
  )
  t.deepEqual(await double(pool.parIter(Readable.from(items) as AsyncIterable<number>)), doubled)
  const generated = function* (): Generator<number> {
    yield* items
  }
  t.deepEqual(await double(pool.parIter(generated())), doubled)
  t.deepEqual(await double(pool.parIter([])), [])
  t.deepEqual(await pool.parIter('a🎈b').collect(), ['a', '🎈', 'b'])
  t.deepEqual(
    await double(pool.parIter(new BigInt64Array([1n, 2n]) as never)).catch((error) => error.name),
    'TypeError',
  )
  t.deepEqual(
    await pool
      .parIter(new BigInt64Array([1n, 2n]))
      .map((x) => x * 2n)
      .sum(),
    6n,
  )
})

test('ranges', async (t) => {
  t.deepEqual([...range(0, 10, 3)], [0, 3, 6, 9])
  t.deepEqual([...range(5, 0, -2)], [5, 3, 1])
  t.deepEqual([...range(0, 1, 0.25)], [0, 0.25, 0.5, 0.75])
  t.is(range(3, 3).length, 0)
  t.is(range(3, 1).length, 0)
  t.deepEqual(await pool.parIter(range(-5, 2000, 3)).collect(), [...range(-5, 2000, 3)])
  t.is(
    await pool
      .parIter(range(0, 3_000_000))
      .filter((n) => n % 3 === 0)
      .count(),
    1_000_000,
  )
  t.is(await pool.parIter(range(0, 1e15)).find((n) => n * n > 1_000_000), 1001)
  t.throws(() => range(0, 10, 0), { code: 'ERR_OPTION' })
  t.throws(() => range(0, Infinity), { code: 'ERR_OPTION', message: /'to'/ })
  t.throws(() => range('a' as never, 1), { code: 'ERR_OPTION', message: /'from'/ })
})

test('kernels where a chain is native throughout', async (t) => {
  const array = Float64Array.from(numbers(10_000))
  const sum = pool.parIter(array).sum()
  t.is(sum.lane, 'native')
  t.is(
    await sum,
    array.reduce((a, b) => a + b),
  )
  t.is(await pool.parIter(array).min(), 0)
  t.is(await pool.parIter(new BigUint64Array([5n, 2n])).max(), 5n)
  const mapped = pool
    .parIter(array)
    .map((x) => x)
    .sum()
  t.is(mapped.lane, 'workers')
  t.is(await mapped, await sum)
})

test('sums lose nothing small; extremes as Math has them', async (t) => {
  const chain = pool.parIter([1e100, 1, -1e100])
  t.is(await chain.map((x) => x).sum(), 1)
  t.is(await pool.parIter([Infinity, 1]).sum(), Infinity)
  t.is(await pool.parIter([3, NaN, 1]).min(), NaN)
  t.is(await pool.parIter([3, NaN, 1]).max(), NaN)
  t.is(await pool.parIter([0, -0]).min(), -0)
  t.is(await pool.parIter([-0, 0]).max(), 0)
  t.is(await pool.parIter(['b', 'a', 'c']).min(), 'a')
  t.is(await pool.parIter([] as number[]).sum(), 0)
  t.is(await pool.parIter([] as number[]).max(), undefined)
  await t.throwsAsync(pool.parIter(['a'] as never[]).sum(), { instanceOf: TypeError, message: /numbers or bigints/ })
  await t.throwsAsync(pool.parIter([1, 2n] as never[]).sum(), { instanceOf: TypeError, message: /cannot be added/ })
})

test('reduce: the identity once, at the front', async (t) => {
  const letters = Array.from({ length: 2000 }, (_, i) => String.fromCharCode(97 + (i % 26)))
  t.is(await pool.parIter(letters).reduce((a, b) => a + b, '>'), `>${letters.join('')}`)
  t.is(await pool.parIter(letters).reduce((a, b) => a + b), letters.join(''))
  t.is(await pool.parIter([] as string[]).reduce((a, b) => a + b, 'none'), 'none')
  t.is(await pool.parIter([] as string[]).reduce((a, b) => a + b, undefined as unknown as string), undefined as never)
  await t.throwsAsync(
    pool.parIter([] as string[]).reduce((a, b) => a + b),
    { instanceOf: TypeError },
  )
  t.is(await pool.parIter([3, 9, 4]).reduce(Math.max, -Infinity), 9)
})

test('fold: from a function or a value, also without items', async (t) => {
  const fold = (items: number[]) => pool.parIter(items).fold({ sum: 0 }, (all, x) => ({ sum: all.sum + x }))
  t.deepEqual(await fold(numbers(3000)).reduce((a, b) => ({ sum: a.sum + b.sum })), {
    sum: numbers(3000).reduce((a, b) => a + b),
  })
  const empty = await pool
    .parIter([] as number[])
    .fold(
      () => 5,
      (all, x) => all + x,
    )
    .reduce((a, b) => a + b)
  t.is(empty, 5)
})

test('the first of many is the first in order, and ends the search', async (t) => {
  const endless = function* (): Generator<number> {
    for (let i = 0; ; i++) yield i
  }
  t.is(await pool.parIter(endless()).find((x) => x > 20_000), 20_001)
  t.is(await pool.parIter(endless()).some((x) => x > 20_000), true)
  let closed = false
  const source = function* (): Generator<number> {
    try {
      for (let i = 0; ; i++) yield i
    } finally {
      closed = true
    }
  }
  t.is(await pool.parIter(source()).every((x) => x < 50), false)
  t.true(closed)
  for (let i = 0; i < 20; i++) {
    const found = await pool.parIter(range(0, 100_000)).find((x) => x % 997 === 0 && x > 0)
    t.is(found, 997)
  }
})

test('what functions know: what is used, and nothing of ours', async (t) => {
  const chain = pool.parIter([1, 2, 3], { use: { factor: 3, scale: (x: number) => x / 2 } })
  t.deepEqual(await chain.map((x, { use }) => use.scale(x * use.factor)).collect(), [1.5, 3, 4.5])
  t.deepEqual(
    await chain
      .map((_, ctx) =>
        Object.keys(ctx.use as object)
          .toSorted()
          .join(),
      )
      .collect(),
    ['factor,scale', 'factor,scale', 'factor,scale'],
  )
  t.deepEqual(
    await pool
      .parIter(['1', '2', '10'])
      .map(parseInt as (text: string) => number)
      .collect(),
    [1, 2, 10],
  )
  const work = workerModule<{ double(x: number): number }>(new URL('./fixtures/sorting.mjs', import.meta.url))
  t.deepEqual(
    await pool
      .parIter([1, 2])
      .map(work.double as never)
      .collect(),
    [2, 4] as never,
  )
  t.is(
    await pool
      .parIter([5])
      .map((_, { aborted, worker, attempt }) => [aborted, typeof worker, attempt].join())
      .find(() => true),
    'false,number,1',
  )
})

test('errors: the first ends the chain, as itself', async (t) => {
  const failing = pool.parIter(range(0, 10_000)).map((x) => {
    if (x === 5000) throw new RangeError('at 5000')
    return x
  })
  await t.throwsAsync(failing.collect(), { instanceOf: RangeError, message: 'at 5000' })
  await t.throwsAsync(failing.sum(), { instanceOf: RangeError })
  t.is(await failing.find((x) => x === 10), 10, 'what comes behind the first is not asked for')
  let outside = 1
  outside++
  await t.throwsAsync(
    pool
      .parIter([1])
      .map((x) => x * outside)
      .collect(),
    { code: 'ERR_CAPTURE' },
  )
  const refused = async (job: Promise<unknown>, message: RegExp): Promise<void> =>
    void (await t.throwsAsync(job, { code: 'ERR_OPTION', message }))
  await refused(
    pool
      .parIter([1])
      .map(async (x) => x)
      .collect(),
    /must be a sync function/,
  )
  await refused(
    pool
      .parIter([1])
      .map(7 as never)
      .collect(),
    /'map' must be a function, got 7/,
  )
  await refused(pool.parIter([1]).chunks(0).collect(), /size of chunks/)
  await refused(pool.parIter(7 as never).collect(), /must be an iterable/)
  await refused(parIter([1], { concurrency: 3 } as never).collect(), /no option 'concurrency'/)
  const source = function* (): Generator<number> {
    yield 1
    throw new Error('the source')
  }
  await t.throwsAsync(pool.parIter(source()).collect(), { message: 'the source' })
})

test("errors name the user's own items and values", async (t) => {
  const items: unknown[] = Array.from({ length: 20_000 }, (_, i) => i)
  items[9000] = { deep: [() => 1] }
  const error = await t.throwsAsync(pool.parIter(items).count(), { code: 'ERR_NOT_CLONEABLE' })
  t.is((error as NotCloneableError).path, 'items[9000].deep[0]')
  t.regex((error as Error).message, /^items\[9000\]\.deep\[0\] cannot be cloned/)
  t.is(taskInfo(error)?.index, 9000)
  const promised = pool.parIter([1], { use: { later: Promise.resolve() } }).count()
  await t.throwsAsync(promised, { code: 'ERR_NOT_CLONEABLE', message: /^use\.later cannot be cloned/ })
  const method = pool.parIter([1], { use: { by: { scale() {} } } }).count()
  const captured = await t.throwsAsync(method, { code: 'ERR_CAPTURE', message: /^`use\.by\.scale` cannot run/ })
  t.notRegex((captured as Error).message, /on: 'caller'/, 'there is no such option')
})

test('a chain is lazy, and can be ended more than once', async (t) => {
  let pulled = 0
  const items = {
    *[Symbol.iterator]() {
      pulled++
      yield* [1, 2, 3]
    },
  }
  const chain = pool.parIter(items).map((x) => x + 1)
  await new Promise(setImmediate)
  t.is(pulled, 0)
  t.deepEqual(await Promise.all([chain.collect(), chain.sum()]), [[2, 3, 4], 9])
  t.is(pulled, 2)
})

test('signals and cancel', async (t) => {
  const spin = pool.parIter(range(0, 1e12)).map((x) => Math.sqrt(x))
  const reason = new Error('enough')
  await t.throwsAsync(pool.parIter([1], { signal: AbortSignal.abort(reason) }).collect(), { is: reason })
  const controller = new AbortController()
  const counting = pool.parIter(range(0, 1e12), { signal: controller.signal }).count()
  setTimeout(() => controller.abort(reason), 20)
  await t.throwsAsync(counting, { is: reason })
  const job = spin.sum()
  setTimeout(() => job.cancel(), 20)
  await t.throwsAsync(job, { code: 'ERR_CANCELLED' })
  t.is(await pool.parIter([1, 2]).sum(), 3)
})

test('the same as on arrays, for any chain', async (t) => {
  const step = fc.constantFrom('map', 'filter', 'flatMap', 'enumerate', 'chunks2', 'chunks5')
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 5 }), fc.nat(700), async (steps, count) => {
      let wanted: unknown[] = numbers(count)
      let chain = pool.parIter(numbers(count)) as ParIter<unknown>
      for (const name of steps) {
        if (name === 'map') {
          wanted = wanted.map((x) => [x])
          chain = chain.map((x) => [x])
        } else if (name === 'filter') {
          wanted = wanted.filter((x) => JSON.stringify(x).length % 3 !== 0)
          chain = chain.filter((x) => JSON.stringify(x).length % 3 !== 0)
        } else if (name === 'flatMap') {
          wanted = wanted.flatMap((x) => [x, 'and'])
          chain = chain.flatMap((x) => [x, 'and'])
        } else if (name === 'enumerate') {
          wanted = wanted.map((x, i) => [i, x])
          chain = chain.enumerate()
        } else {
          const size = name === 'chunks2' ? 2 : 5
          const list = wanted
          wanted = Array.from({ length: Math.ceil(list.length / size) }, (_, i) => list.slice(i * size, (i + 1) * size))
          chain = chain.chunks(size)
        }
      }
      t.deepEqual(await chain.collect(), wanted)
      t.is(await chain.count(), wanted.length)
    }),
    { numRuns: 40 },
  )
})

test('find: an error before what it looks for is met, one behind it is not', async (t) => {
  const failsAt = (at: number): ParIter<number> =>
    pool.parIter(range(0, 10_000), { use: { at } }).map((x, { use }) => {
      if (x === use.at) throw new RangeError(`at ${x}`)
      return x
    }) as never
  for (let i = 0; i < 20; i++) t.is(await failsAt(500).find((x) => x === 10), 10)
  await t.throwsAsync(
    failsAt(10).find((x) => x === 9000),
    { instanceOf: RangeError, message: 'at 10' },
  )
  await t.throwsAsync(
    failsAt(9999).find((x) => x < 0),
    { message: 'at 9999' },
  )
  t.is(await failsAt(-1).find((x) => x < 0), undefined)
})
