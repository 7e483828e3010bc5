// `batches`: a lazy source of arrays.

import { createRequire } from 'node:module'
import { Readable } from 'node:stream'

import test from 'ava'
import * as fc from 'fast-check'

import { batches, lazyParMap, parMap } from 'everycore'
import { sleep, turn, watched, watchedLater } from './fixtures/watched.ts'

const done = { done: true, value: undefined }

async function all<R>(flow: AsyncIterable<R>): Promise<R[]> {
  const results: R[] = []
  for await (const result of flow) results.push(result)
  return results
}

test('full batches, then what is left', async (t) => {
  t.deepEqual(await all(batches([1, 2, 3, 4, 5], { size: 2 })), [[1, 2], [3, 4], [5]])
  t.deepEqual(await all(batches(watchedLater(4).items, { size: 2 })), [
    [0, 1],
    [2, 3],
  ])
  t.deepEqual(await all(batches(Readable.from('abc'), { size: 5 })), [['abc']])
  t.deepEqual(
    (await all(batches(Array.from({ length: 25 })))).map((batch) => batch.length),
    [10, 10, 5],
  )
  t.deepEqual(await all(batches([])), [])
  t.deepEqual(await all(batches([1, Promise.resolve(2)], { size: 2 })), [[1, 2]])
})

test('items are pulled for a batch that somebody asks for, not ahead of it', async (t) => {
  for (const make of [watched, watchedLater]) {
    const source = make(Infinity)
    const flow = batches(source.items as Iterable<number>, { size: 3 })
    await sleep(1)
    t.is(source.pulls, 0)
    t.deepEqual(await flow.next(), { done: false, value: [0, 1, 2] })
    await sleep(1)
    t.is(source.pulls, 3)
    t.deepEqual(await Promise.all([flow.next(), flow.next()]), [
      { done: false, value: [3, 4, 5] },
      { done: false, value: [6, 7, 8] },
    ])
    await sleep(1)
    t.is(source.pulls, 9)
    t.deepEqual(await flow.return(), done)
    t.is(source.closes, 1)
    t.deepEqual(await flow.next(), done)
  }
})

test('leaving closes the source once, also while a call of next() waits', async (t) => {
  for (const make of [watched, watchedLater]) {
    const source = make(Infinity)
    for await (const batch of batches(source.items as Iterable<number>, { size: 4 })) if (batch[0] === 8) break
    await sleep(0)
    t.is(source.closes, 1)
    t.is(source.pulls, 12)
  }
  let closes = 0
  const stuck = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => {}),
      return: async () => {
        closes++
        return { done: true as const, value: undefined }
      },
    }),
  }
  const flow = batches(stuck)
  const first = flow.next()
  await turn()
  t.deepEqual(await flow.return(), done)
  t.deepEqual(await first, done)
  t.is(closes, 1)
})

test('a source that throws: the batches ahead of it, what there was, then its error', async (t) => {
  for (const make of [watched, watchedLater]) {
    const error = new Error('source broke')
    const source = make(100, 5, error)
    const flow = batches(source.items as Iterable<number>, { size: 2 })
    t.deepEqual(
      [await flow.next(), await flow.next(), await flow.next()].map((step) => step.value),
      [[0, 1], [2, 3], [4]],
    )
    await t.throwsAsync(flow.next(), { is: error })
    t.deepEqual(await flow.next(), done)
    t.is(source.closes, 0)
  }
})

test('a rejected item ends it, and closes the source', async (t) => {
  let pulls = 0
  let closes = 0
  const items = {
    [Symbol.iterator]: () => ({
      next: () => ({ done: false as const, value: pulls++ === 3 ? Promise.reject(new Error('no')) : pulls }),
      return: () => {
        closes++
        return { done: true as const, value: undefined }
      },
    }),
  }
  const flow = batches(items as Iterable<number>, { size: 2 })
  t.deepEqual(await flow.next(), { done: false, value: [1, 2] })
  await t.throwsAsync(flow.next(), { message: 'no' })
  t.is(closes, 1)
})

test('as the source of maps', async (t) => {
  const source = watchedLater(Infinity)
  const sums: number[] = []
  for await (const sum of lazyParMap(batches(source.items, { size: 100 }), (items) => items.reduce((a, b) => a + b))) {
    sums.push(sum)
    if (sums.length === 3) break
  }
  t.deepEqual(sums, [4950, 14_950, 24_950])
  await sleep(0)
  t.is(source.closes, 1)
  t.deepEqual(await parMap(batches([1, 2, 3], { size: 2 }), async (items) => items.length), [2, 1])
})

test('what is wrong is named, by the first next()', async (t) => {
  for (const [options, message] of [
    [{ size: 0 }, /^batches: option 'size' must be an integer from 1 to 1,000,000 or Infinity, got 0$/],
    [{ every: 0 }, /^batches: option 'every' must be milliseconds above 0/],
    [{ concurrency: 2 }, /^batches has no option 'concurrency'; it has size, every$/],
  ] as const) {
    const flow = batches([1], options as never)
    await t.throwsAsync(flow.next(), { code: 'ERR_OPTION', message })
    t.deepEqual(await flow.next(), done)
  }
  await t.throwsAsync(batches(5 as never).next(), { code: 'ERR_OPTION', message: /^batches: items must be/ })
})

test('by require as by import', (t) => {
  t.is(createRequire(import.meta.url)('everycore').batches, batches)
})

test('random sources, sizes, ends and points of leaving', async (t) => {
  const plans = fc.record({
    count: fc.integer({ min: 0, max: 30 }),
    size: fc.integer({ min: 1, max: 8 }),
    later: fc.boolean(),
    breakAt: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined, freq: 2 }),
    leaveAt: fc.option(fc.integer({ min: 1, max: 10 }), { nil: undefined, freq: 2 }),
  })
  await fc.assert(
    fc.asyncProperty(plans, async ({ count, size, later, breakAt, leaveAt }) => {
      const source = (later ? watchedLater : watched)(count, breakAt)
      const got: number[][] = []
      let error: unknown
      try {
        for await (const batch of batches(source.items as Iterable<number>, { size })) {
          got.push(batch)
          if (source.pulls > got.flat().length + 1) throw new Error('pulled ahead')
          if (got.length === leaveAt) break
        }
      } catch (thrown) {
        error = thrown
      }
      const items = Array.from({ length: Math.min(count, breakAt ?? Infinity) }, (_, i) => i)
      const model: number[][] = []
      for (let at = 0; at < items.length; at += size) model.push(items.slice(at, at + size))
      if (JSON.stringify(got) !== JSON.stringify(model.slice(0, leaveAt))) throw new Error(JSON.stringify(got))
      const left = leaveAt !== undefined && leaveAt <= model.length
      const broken = !left && breakAt !== undefined && breakAt <= count
      if ((error !== undefined) !== broken) throw new Error(`ended with ${String(error)}`)
      await sleep(0)
      const byItself = source.pulls > items.length
      if (source.closes !== (byItself ? 0 : 1)) throw new Error(`closed ${source.closes} times`)
    }),
    { numRuns: 500, includeErrorInReport: true },
  )
  t.pass()
})
