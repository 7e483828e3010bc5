// `lazyParMap` where nothing goes wrong: sources, order, index, context, and how an iterator behaves.

import { createRequire } from 'node:module'
import { PassThrough, Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'

import test from 'ava'

import { lazyParMap, zip } from 'everycore'
import { sleep, turn, watched, watchedLater } from './fixtures/watched.ts'

const double = async (x: number): Promise<number> => x * 2

async function all<R>(flow: AsyncIterable<R>): Promise<R[]> {
  const results: R[] = []
  for await (const result of flow) results.push(result)
  return results
}

test('results come in the order of the items', async (t) => {
  const later = async (ms: number): Promise<number> => {
    await sleep(ms)
    return ms
  }
  t.deepEqual(await all(lazyParMap([20, 5, 10, 1], later)), [20, 5, 10, 1])
  t.deepEqual(await all(lazyParMap([], double)), [])
})

test('preserveOrder: false gives them as they complete', async (t) => {
  const open: (() => void)[] = []
  const gate = async (x: number): Promise<number> => {
    await new Promise<void>((resolve) => (open[x] = resolve))
    return x
  }
  const flow = lazyParMap([0, 1, 2], gate, { preserveOrder: false })
  const first = flow.next()
  while (open.length < 3) await turn()
  open[2]!()
  t.deepEqual(await first, { done: false, value: 2 })
  const second = flow.next()
  open[0]!()
  t.deepEqual(await second, { done: false, value: 0 })
  open[1]!()
  t.deepEqual(await all(flow), [1])
})

test('iterables, async iterables, streams', async (t) => {
  t.deepEqual(await all(lazyParMap(new Set([1, 2]), double)), [2, 4])
  t.deepEqual(await all(lazyParMap('añ😀', async (char) => char)), ['a', 'ñ', '😀'])
  t.deepEqual(await all(lazyParMap(watched(5).items, double)), [0, 2, 4, 6, 8])
  t.deepEqual(await all(lazyParMap(watchedLater(5).items, double)), [0, 2, 4, 6, 8])
  t.deepEqual(await all(lazyParMap(Readable.from([1, 2, 3]), double)), [2, 4, 6])
  t.deepEqual(await all(lazyParMap(ReadableStream.from([1, 2, 3]) as ReadableStream<number>, double)), [2, 4, 6])
  t.deepEqual(await all(lazyParMap(Float64Array.of(1.5, 2), double)), [3, 4])
  t.deepEqual(await all(lazyParMap([1, , 3] as number[], async (x, i) => [x, i])), [
    [1, 0],
    [undefined, 1],
    [3, 2],
  ])
})

test('promises among the items are awaited, in their places', async (t) => {
  const late = sleep(10).then(() => 1)
  t.deepEqual(await all(lazyParMap([late, 2, Promise.resolve(3)], double)), [2, 4, 6])
  const promises = (function* () {
    for (let i = 0; i < 100; i++) yield sleep(i % 3).then(() => i)
  })()
  t.deepEqual(
    await all(lazyParMap(promises, double, { buffer: 5 })),
    Array.from({ length: 100 }, (_, i) => i * 2),
  )
})

test('zip spreads its tuples', async (t) => {
  t.deepEqual(await all(lazyParMap(zip([1, 2], ['a', 'b']), async (n, s, i) => s.repeat(n) + i)), ['a0', 'bb1'])
})

test('the context, as in parMap', async (t) => {
  const [seen] = await all(
    lazyParMap(
      [1],
      async (_x, index, { id, name, attempt, worker, use, metadata, aborted, signal }) => ({
        ...{ id: typeof id, name, attempt, worker, use, metadata, aborted, index },
        signal: signal.aborted,
      }),
      { name: 'named', metadata: { label: 1 }, use: { k: 2 } },
    ),
  )
  t.deepEqual(seen, {
    id: 'string',
    name: 'named',
    attempt: 1,
    worker: null,
    use: { k: 2 },
    metadata: { label: 1 },
    aborted: false,
    index: 0,
    signal: false,
  })
})

test('nothing happens before the first next()', async (t) => {
  const source = watched(3)
  let opened = 0
  const items = {
    [Symbol.iterator]: () => {
      opened++
      return source.items[Symbol.iterator]()
    },
  }
  const flow = lazyParMap(items, double)
  await sleep(5)
  t.is(opened + source.pulls, 0)
  await flow.return()
  t.deepEqual(await flow.next(), { done: true, value: undefined })
  t.is(opened, 0, 'a flow that was never asked has not touched its source')
})

test('it is an async iterator like any other', async (t) => {
  const flow = lazyParMap([1, 2], double)
  t.is(flow[Symbol.asyncIterator](), flow)
  t.deepEqual(await flow.next(), { done: false, value: 2 })
  t.deepEqual(await flow.next(), { done: false, value: 4 })
  for (let i = 0; i < 3; i++) t.deepEqual(await flow.next(), { done: true, value: undefined })
  t.deepEqual(await flow.return(), { done: true, value: undefined })
  t.deepEqual(await Readable.from(lazyParMap([1, 2], double)).toArray(), [2, 4])
})

test('several calls of next() at once are answered in order', async (t) => {
  const flow = lazyParMap([30, 1, 10], async (ms) => {
    await sleep(ms)
    return ms
  })
  const order: number[] = []
  const steps = await Promise.all(
    Array.from({ length: 5 }, async (_, at) => {
      const step = await flow.next()
      order.push(at)
      return step.done ? 'done' : step.value
    }),
  )
  t.deepEqual(steps, [30, 1, 10, 'done', 'done'])
  t.deepEqual(order, [0, 1, 2, 3, 4])
})

test('undefined, null and other nothings are results too', async (t) => {
  const nothings = [undefined, null, 0, '', false, Number.NaN]
  t.deepEqual(await all(lazyParMap(nothings, async (x) => x)), nothings)
})

test('an item is pulled while the one before it is still awaited by the consumer', async (t) => {
  const source = watched(10)
  const flow = lazyParMap(source.items, double, { buffer: 3 })
  await flow.next()
  while (source.pulls < 4) await turn()
  t.is(source.pulls, 4)
})

test('a function that is sync is run on the caller if told so', async (t) => {
  t.deepEqual(await all(lazyParMap([1, 2, 3], (x) => x + 1, { on: 'caller' })), [2, 3, 4])
})

test('in sequential mode: one at a time, in order, with copies', async (t) => {
  let running = 0
  const items = Array.from({ length: 5 }, (_, n) => ({ n }))
  const flow = lazyParMap(
    items,
    async (item) => {
      if (++running > 1) throw new Error('two at once')
      await turn()
      running--
      return item
    },
    { concurrency: 0 },
  )
  t.deepEqual(await all(flow), items)
  const [copy] = await all(lazyParMap(items, (item) => item, { concurrency: 0 }))
  t.deepEqual(copy, items[0])
  t.not(copy, items[0])
})

test('a stream that waits for data is waited for', async (t) => {
  const stream = new PassThrough({ objectMode: true })
  const flow = lazyParMap(stream, double)
  const first = flow.next()
  await sleep(5)
  stream.write(1)
  t.deepEqual(await first, { done: false, value: 2 })
  stream.end()
  t.deepEqual(await flow.next(), { done: true, value: undefined })
})

test('by require as by import', async (t) => {
  t.is(createRequire(import.meta.url)('everycore').lazyParMap, lazyParMap)
})
