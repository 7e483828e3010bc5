// `parSort`: what a stable `Array.prototype.sort` gives, by keys and by comparing.

import test from 'ava'
import * as fc from 'fast-check'

import { createPool, parSort, workerModule } from 'everycore'
import { makeRoom } from './fixtures/shared.ts'

await makeRoom()

interface Row {
  n: number
  s: string
  id: number
}

function rows(count: number, different = count): Row[] {
  let state = 99
  return Array.from({ length: count }, (_, id) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const n = (state >>> 4) % different
    return { n: n / 7 - 100, s: `row ${((n * 7919) % different).toString(36)}`, id }
  })
}

const less = (a: number | string, b: number | string): number => (a < b ? -1 : a > b ? 1 : 0)

test('by a property, up and down, few and many', async (t) => {
  for (const [count, different] of [
    [0, 1],
    [1, 1],
    [100, 10],
    [50_000, 50_000],
    [50_000, 50],
  ] as const) {
    const items = rows(count, different)
    const before = [...items]
    t.deepEqual(
      await parSort(items, { by: 'n' }),
      items.toSorted((a, b) => a.n - b.n),
    )
    t.deepEqual(
      await parSort(items, { by: 's' }),
      items.toSorted((a, b) => less(a.s, b.s)),
    )
    t.deepEqual(
      await parSort(items, { by: 's', desc: true }),
      items.toSorted((a, b) => less(b.s, a.s)),
    )
    t.deepEqual(
      await parSort(items, { by: (row) => -row.n, desc: true }),
      items.toSorted((a, b) => a.n - b.n),
    )
    t.deepEqual(items, before, 'the given one stays')
  }
})

test('by several keys', async (t) => {
  const items = rows(20_000, 100)
  t.deepEqual(
    await parSort(items, { by: ['s', (row) => Math.round(row.n)], desc: [true, false] }),
    items.toSorted((a, b) => less(b.s, a.s) || Math.round(a.n) - Math.round(b.n)),
  )
  t.deepEqual(
    await parSort(items, { by: ['n', 'id'], desc: true }),
    items.toSorted((a, b) => b.n - a.n || b.id - a.id),
  )
})

test('the items themselves', async (t) => {
  t.deepEqual(await parSort([3, 1, 2]), [1, 2, 3])
  t.deepEqual(await parSort(['b', 'a', 'B', 'é', '🎈', '\uffff']), ['B', 'a', 'b', 'é', '🎈', '\uffff'])
  t.deepEqual(await parSort(new Int16Array([3, -1, 2])), new Int16Array([-1, 2, 3]))
  t.deepEqual(await parSort(new Float64Array([3, 1, 2]), { desc: true }), new Float64Array([3, 2, 1]))
})

test('what is missing comes last both ways; zeros are equal', async (t) => {
  const items = [
    { k: NaN },
    { k: 2 },
    {},
    { k: null },
    { k: -0 },
    { k: 0 },
    { k: undefined },
    { k: 1 },
    undefined,
    null,
  ]
  const order = async (desc: boolean): Promise<number[]> =>
    (await parSort(items, { by: (item) => item?.k, desc })).map((item) => items.indexOf(item))
  t.deepEqual(await order(false), [4, 5, 7, 1, 0, 2, 3, 6, 8, 9])
  t.deepEqual(await order(true), [1, 7, 4, 5, 0, 2, 3, 6, 8, 9])
  t.deepEqual(
    (await parSort(items as { k?: number }[], { by: 'k' })).map((item) => items.indexOf(item)),
    [4, 5, 7, 1, 0, 2, 3, 6, 8, 9],
  )
})

test('mixed keys: numbers of all sorts by value, then texts', async (t) => {
  const keys = [
    'b',
    10,
    5n,
    true,
    '',
    new Date(7),
    2.5,
    -(2n ** 70n),
    Infinity,
    2n ** 64n,
    2n ** 64n + 1n,
    2 ** 64,
    'a',
  ]
  const sorted = [
    -(2n ** 70n),
    true,
    2.5,
    5n,
    new Date(7),
    10,
    2n ** 64n,
    2 ** 64,
    2n ** 64n + 1n,
    Infinity,
    '',
    'a',
    'b',
  ]
  t.deepEqual(await parSort<unknown>(keys), sorted)
  t.deepEqual(await parSort<unknown>([undefined, ...keys], { desc: true }), [
    ...['b', 'a', '', Infinity, 2n ** 64n + 1n, 2n ** 64n, 2 ** 64, 10, new Date(7), 5n, 2.5, true, -(2n ** 70n)],
    undefined,
  ])
})

test('bigints that are the same double', async (t) => {
  const bigints = Array.from(
    { length: 500 },
    (_, i) => (i % 2 === 0 ? 1n : -1n) * (2n ** 90n + BigInt((i * 7919) % 500)),
  )
  t.deepEqual(
    await parSort(bigints),
    bigints.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0)),
  )
})

test('any keys at all', async (t) => {
  const key = fc.oneof(
    fc.double(),
    fc.integer({ min: -3, max: 3 }),
    fc.string({ maxLength: 4 }),
    fc.bigInt({ min: -(2n ** 66n), max: 2n ** 66n }),
    fc.boolean(),
    fc.constantFrom(undefined, null, -0),
  )
  const rank = (value: unknown): number =>
    value === undefined || value === null || Number.isNaN(value) ? 2 : typeof value === 'string' ? 1 : 0
  const compare = (a: never, b: never): number => rank(a) - rank(b) || (rank(a) === 2 ? 0 : less(a, b))
  await fc.assert(
    fc.asyncProperty(fc.array(key, { maxLength: 60 }), fc.constantFrom(1, 30), async (few, times) => {
      const items = Array.from({ length: few.length * times }, (_, id) => ({ k: few[id % few.length], id }))
      t.deepEqual(
        await parSort(items, { by: 'k' }),
        items.toSorted((a, b) => compare(a.k as never, b.k as never)),
      )
    }),
    { numRuns: 60 },
  )
})

test('a key that has no order is refused, what a key function throws is thrown', async (t) => {
  await t.throwsAsync(parSort([{ k: 1 }, { k: {} }], { by: 'k' }), {
    code: 'ERR_OPTION',
    message: /key of item 1 must be a number.*got an object/,
  })
  await t.throwsAsync(parSort([1], { by: () => Symbol('no') }), { code: 'ERR_OPTION', message: /the symbol/ })
  const error = new RangeError('mine')
  const thrown = await t.throwsAsync(
    parSort([1], {
      by: () => {
        throw error
      },
    }),
  )
  t.is(thrown, error)
})

test('by comparing, in workers', async (t) => {
  await using pool = createPool({ workers: 2 })
  for (const [count, different] of [
    [0, 1],
    [1, 1],
    [1000, 100],
    [30_000, 30_000],
    [30_000, 3],
    [30_000, 1],
  ] as const) {
    const items = rows(count, different)
    const sorted = await pool.parSort(items, { compare: (a, b) => a.n - b.n })
    t.deepEqual(
      sorted,
      items.toSorted((a, b) => a.n - b.n),
    )
    t.true(
      sorted.every((row) => items[row.id] === row),
      'the very same items',
    )
  }
})

test('compare: undefined last, values to use, a task, a function that throws', async (t) => {
  await using pool = createPool({ workers: 2 })
  t.deepEqual(
    await pool.parSort([3, undefined, 1, undefined, 2], { compare: (a, b) => (a as number) - (b as number) }),
    [1, 2, 3, undefined, undefined],
  )
  const by = await pool.parSort(['bb', 'a', 'ccc'], {
    compare: (a, b, { use }) => use.sign * (a.length - b.length),
    use: { sign: -1 },
  })
  t.deepEqual(by, ['ccc', 'bb', 'a'])
  t.deepEqual(
    await pool.parSort(new Float64Array([1, 3, 2]), { compare: (a, b) => b - a }),
    new Float64Array([3, 2, 1]),
  )
  const work = workerModule<{ byLength(a: string, b: string): number }>(
    new URL('./fixtures/sorting.mjs', import.meta.url),
  )
  t.deepEqual(await pool.parSort(['bb', 'a', 'ccc'], { compare: work.byLength as never }), ['a', 'bb', 'ccc'])
  await t.throwsAsync(
    pool.parSort([1, 2], {
      compare: () => {
        throw new RangeError('no order')
      },
    }),
    { instanceOf: RangeError, message: 'no order' },
  )
  let outside = 1
  outside++
  await t.throwsAsync(pool.parSort([1, 2], { compare: (a, b) => (a - b) * outside }), { code: 'ERR_CAPTURE' })
  await t.throwsAsync(pool.parSort([1, 2], { compare: (async () => 1) as never }), {
    code: 'ERR_OPTION',
    message: /must be a sync function/,
  })
})

test('options are checked', async (t) => {
  const refused = async (options: unknown, message: RegExp): Promise<void> =>
    void (await t.throwsAsync(parSort([1], options as never), { code: 'ERR_OPTION', message }))
  await refused({ by: [] }, /'by' must be a property/)
  await refused({ by: ['a', null] }, /'by\[1\]'/)
  await refused({ desc: 1 }, /'desc'/)
  await refused({ by: 'a', desc: [true, false] }, /as many values as there are keys, 1, got 2/)
  await refused({ by: 'a', compare: () => 0 }, /must be alone/)
  await refused({ use: {} }, /'use'/)
  await refused({ order: 'up' }, /no option 'order'/)
  await t.throwsAsync(parSort('text' as never), { code: 'ERR_OPTION', message: /must be an array/ })
})

test('given up in the middle', async (t) => {
  await using pool = createPool({ workers: 2 })
  const items = rows(200_000)
  for (const options of [{ by: 's' as const }, { compare: (a: Row, b: Row) => a.n - b.n }]) {
    for (const delay of [0, 3, 10, 30]) {
      const controller = new AbortController()
      const job = pool.parSort(items, { ...options, signal: controller.signal } as never) as Promise<unknown[]>
      setTimeout(() => controller.abort(), delay)
      // A late timer finds all done.
      const outcome = await job.then(
        (sorted) => sorted.length,
        (reason: Error) => reason.name,
      )
      t.true(outcome === 'AbortError' || outcome === items.length, String(outcome))
    }
    const never = pool.parSort(items, { ...options, signal: AbortSignal.abort() } as never) as Promise<unknown>
    t.is(await never.then(String, (reason: Error) => reason.name), 'AbortError')
  }
  t.is((await pool.parSort([2, 1], { compare: (a, b) => a - b }))[0], 1)
})
