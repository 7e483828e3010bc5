// `batch` where nothing goes wrong: what a batch is, how results become one array, order, progress.

import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'

import test from 'ava'

import { batch, zip } from 'everycore'
import { sleep, turn, watched, watchedLater } from './fixtures/watched.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

test('whole batches go in, one flat array comes out', async (t) => {
  const seen: number[][] = []
  const results = await batch(
    numbers(7),
    async (items, index) => {
      seen[index] = items
      return items.map((x) => x * 2)
    },
    { size: 3 },
  )
  t.deepEqual(results, [0, 2, 4, 6, 8, 10, 12])
  t.deepEqual(seen, [[0, 1, 2], [3, 4, 5], [6]])
})

test('by default ten items, four batches at a time', async (t) => {
  const sizes: number[] = []
  let running = 0
  let most = 0
  let open = (): void => {}
  const four = new Promise<void>((resolve) => (open = resolve))
  await batch(numbers(95), async (items) => {
    sizes.push(items.length)
    most = Math.max(most, ++running)
    if (running === 4) open()
    await four
    running--
  })
  t.deepEqual(sizes, [10, 10, 10, 10, 10, 10, 10, 10, 10, 5])
  t.is(most, 4)
})

test('any number of results for each batch', async (t) => {
  const give = [[], [1], [2, 3], undefined, 4, null, 'text', [[5], [6]], { list: [7] }, new Set([8])]
  const results = await batch(numbers(10), async ([x]) => give[x!], { size: 1 })
  t.deepEqual(results, [1, 2, 3, 4, null, 'text', [5], [6], { list: [7] }, new Set([8])] as never)
  t.deepEqual(await batch(numbers(10), async () => {}), [])
  t.deepEqual(await batch([], async (items) => items), [])
})

test('results keep the order of the batches, or come as these complete', async (t) => {
  const later = async (items: number[]): Promise<number[]> => {
    await sleep(30 - items[0]!)
    return items
  }
  t.deepEqual(await batch([0, 1, 10, 11, 20, 21], later, { size: 2 }), [0, 1, 10, 11, 20, 21])
  t.deepEqual(await batch([0, 1, 10, 11, 20, 21], later, { size: 2, preserveOrder: false }), [20, 21, 10, 11, 0, 1])
})

test('every sort of source', async (t) => {
  const same = async (items: unknown[]): Promise<unknown[]> => [items]
  t.deepEqual(await batch(new Set([1, 2, 3]), same, { size: 2 }), [[1, 2], [3]])
  t.deepEqual(await batch('abc', same, { size: 2 }), [['a', 'b'], ['c']])
  t.deepEqual(await batch(watched(5).items, same, { size: 2 }), [[0, 1], [2, 3], [4]])
  t.deepEqual(await batch(watchedLater(5).items, same, { size: 2 }), [[0, 1], [2, 3], [4]])
  t.deepEqual(await batch(Readable.from([1, 2, 3]), same, { size: 2 }), [[1, 2], [3]])
  t.deepEqual(await batch(ReadableStream.from([1, 2, 3]) as ReadableStream<number>, same, { size: 2 }), [[1, 2], [3]])
  t.deepEqual(await batch(Int16Array.of(1, 2, 3), same, { size: 2 }), [[1, 2], [3]])
  t.deepEqual(await batch(zip([1, 2, 3], 'abc'), same, { size: 2 }), [
    [
      [1, 'a'],
      [2, 'b'],
    ],
    [[3, 'c']],
  ])
  t.deepEqual(await batch([Promise.resolve(1), 2, sleep(5).then(() => 3)], same, { size: 2 }), [[1, 2], [3]])
})

test('a batch gets a context, as an item does in parMap', async (t) => {
  const contexts = await batch(
    numbers(3),
    async (_items, index, { name, attempt, worker, use, metadata, aborted }) => ({
      ...{ index, name, attempt, worker, use, metadata, aborted },
    }),
    { size: 2, name: 'named', metadata: { label: 1 }, use: { k: 2 } },
  )
  const common = { name: 'named', attempt: 1, worker: null, use: { k: 2 }, metadata: { label: 1 }, aborted: false }
  t.deepEqual(contexts, [
    { index: 0, ...common },
    { index: 1, ...common },
  ])
})

test('settled() tells of batches', async (t) => {
  const job = batch(
    numbers(6),
    async (items, index) => {
      if (index === 1) throw new Error('one')
      if (index === 2) return undefined
      return items
    },
    { size: 2 },
  )
  t.like(await job.settled(), [
    { status: 'fulfilled', value: [0, 1] },
    { status: 'rejected', reason: { message: 'one' } },
    { status: 'fulfilled', value: [] },
  ])
})

test('progress counts items', async (t) => {
  const reports: unknown[] = []
  const job = batch(
    numbers(25),
    async (_items, index) => {
      if (index === 1) throw new Error('one')
    },
    { onError: 'return', onProgress: (report) => reports.push(report) },
  )
  t.deepEqual(job.progress, { done: 0, failed: 0, total: 25 })
  await job
  t.deepEqual(reports.at(-1), { done: 25, failed: 10, total: 25 })
  t.deepEqual(job.progress, { done: 25, failed: 10, total: 25 })

  const endless = batch(watchedLater(7).items, async () => {}, { size: 5 })
  t.is(endless.progress.total, undefined)
  await endless
  t.deepEqual(endless.progress, { done: 7, failed: 0, total: 7 })
})

test('a source is pulled only as there is room', async (t) => {
  for (const make of [watched, watchedLater]) {
    const source = make(100)
    let ended = 0
    let most = 0
    await batch(
      source.items as Iterable<number>,
      async (items) => {
        most = Math.max(most, source.pulls - ended)
        await turn()
        ended += items.length
      },
      { size: 5, concurrency: 2 },
    )
    t.true(most <= 11, `${most} items`)
    t.is(source.closes, 0)
  }
})

test('concurrency 0: one batch at a time, in order, on the caller', async (t) => {
  let running = 0
  const order: number[] = []
  await batch(
    numbers(30),
    async (_items, index) => {
      if (++running > 1) throw new Error('two at once')
      order.push(index)
      await turn()
      running--
    },
    { concurrency: 0 },
  )
  t.deepEqual(order, [0, 1, 2])
})

test('very large batches', async (t) => {
  t.is((await batch(numbers(200_000), async (items) => items, { size: Infinity })).length, 200_000)
  t.is((await batch(watchedLater(200_000).items, async (items) => items, { size: 150_000 })).length, 200_000)
})

test('what is wrong is named', async (t) => {
  const refusal = (options: unknown): Promise<string> =>
    batch([1], async (x) => x, options as never).then(
      () => 'accepted',
      (error: Error & { code?: string }) => `${error.code} ${error.message}`,
    )
  for (const [options, message] of [
    [{ size: 0 }, "batch: option 'size' must be an integer from 1 to 1,000,000 or Infinity, got 0"],
    [{ size: 1.5 }, 'got 1.5'],
    [{ size: '10' }, "got '10'"],
    [{ every: 0 }, "batch: option 'every' must be milliseconds above 0"],
    [{ every: -5 }, 'got -5'],
    [{ every: Infinity }, 'got Infinity'],
    [{ batchSize: 5 }, "batch has no option 'batchSize' (did you mean 'size'?)"],
    [{ buffer: 5 }, "batch has no option 'buffer'"],
  ] as const) {
    const said = await refusal(options)
    t.true(said.startsWith('ERR_OPTION ') && said.includes(message), said)
  }
  await t.throwsAsync(
    batch(7 as never, async (x) => x),
    {
      code: 'ERR_OPTION',
      message: 'batch: items must be an iterable, an async iterable or a stream, got 7',
    },
  )
  await t.throwsAsync(batch([1], 5 as never), { code: 'ERR_OPTION', message: /^batch: fn must be a function/ })
})

test('by require as by import', async (t) => {
  t.is(createRequire(import.meta.url)('everycore').batch, batch)
})
