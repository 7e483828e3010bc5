// Failures of `batch` are those of whole batches.

import test from 'ava'

import { batch, ParallelError, taskInfo, TaskError } from 'everycore'
import { sleep, turn, watched, watchedLater } from './fixtures/watched.ts'

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

const failing = async (items: number[], index: number): Promise<number[]> => {
  if (index % 2 === 1) throw new RangeError(`no ${index}`)
  return items
}

test("onError 'collect': every batch runs, then one error tells all", async (t) => {
  const error = (await t.throwsAsync(batch(numbers(9), failing, { size: 2 }), {
    instanceOf: ParallelError,
    message: '2 of 5 batches failed; first (batch 1): RangeError: no 1',
  })) as ParallelError
  t.deepEqual(
    error.failures.map(({ index, attempt }) => [index, attempt]),
    [
      [1, 1],
      [3, 1],
    ],
  )
  // A hole for each failed batch.
  t.deepEqual(Object.entries(error.results), [
    ['0', 0],
    ['1', 1],
    ['3', 4],
    ['4', 5],
    ['6', 8],
  ])
  t.is(error.results.length, 7)
  t.like(taskInfo(error.errors[0]), { index: 1, attempt: 1, name: 'failing' })
})

test('a single batch', async (t) => {
  await t.throwsAsync(
    batch([1], async () => {
      throw new Error('no')
    }),
    { message: '1 of 1 batch failed; first (batch 0): Error: no' },
  )
})

test("onError 'stop': the first failure ends the rest", async (t) => {
  const source = watched(Infinity)
  await t.throwsAsync(batch(source.items, failing, { onError: 'stop' }), { message: 'no 1' })
  t.is(source.closes, 1)
})

test("onError 'return': the error stands in the place of its batch", async (t) => {
  const results = await batch(numbers(5), failing, { size: 2, onError: 'return' })
  t.deepEqual([results[0], results[1], results[3]], [0, 1, 4])
  t.true(results[2] instanceof RangeError)
})

test('retries are for the whole batch', async (t) => {
  const calls: string[] = []
  const results = await batch(
    numbers(4),
    async (items, index, { attempt }) => {
      calls.push(`${index}.${attempt}:${items.join()}`)
      if (index === 1 && attempt < 3) throw new Error('again')
      return items
    },
    { size: 2, retries: 2 },
  )
  t.deepEqual(results, [0, 1, 2, 3])
  t.deepEqual(calls.toSorted(), ['0.1:0,1', '1.1:2,3', '1.2:2,3', '1.3:2,3'])
})

test('timeout is for the whole batch', async (t) => {
  const job = batch(
    numbers(4),
    async (items, index) => {
      if (index === 1) await sleep(60_000)
      return items
    },
    { size: 2, timeout: 20 },
  )
  const error = (await t.throwsAsync(job, { instanceOf: ParallelError })) as ParallelError
  t.like(error.cause, { code: 'ERR_TIMEOUT' })
  t.regex((error.cause as Error).message, /\(batch 1\) did not end within its timeout of 20 ms/)
})

test('a rejected promise among the items fails its batch alone, which is not called', async (t) => {
  const called: number[] = []
  const items = [1, Promise.reject(new Error('early')), 3, 4, 5]
  const outcomes = await batch(
    items,
    async (some, index) => {
      called.push(index)
      return some
    },
    { size: 2 },
  ).settled()
  t.like(outcomes, [
    { status: 'rejected', reason: { message: 'early' } },
    { status: 'fulfilled', value: [3, 4] },
    { status: 'fulfilled', value: [5] },
  ])
  t.deepEqual(called, [1, 2])
})

test('a `then` that throws when looked at fails its batch', async (t) => {
  const bad = {
    get then() {
      throw new Error('looked')
    },
  }
  const outcomes = await batch([1, bad, 3], async (items) => items, { size: 2 }).settled()
  t.like(outcomes, [{ reason: { message: 'looked' } }, { status: 'fulfilled', value: [3] }])
})

test('a source that throws ends the job with its own error', async (t) => {
  for (const make of [watched, watchedLater]) {
    for (const k of [0, 3, 10, 15]) {
      const error = new Error(`source broke at ${k}`)
      const source = make(100, k, error)
      await t.throwsAsync(
        batch(source.items as Iterable<number>, async (items) => items),
        { is: error },
      )
      t.is(source.closes, 0)
    }
  }
})

test('a source is closed once when the job ends early', async (t) => {
  for (const make of [watched, watchedLater]) {
    const source = make(Infinity)
    const job = batch(source.items as Iterable<number>, async (items) => {
      await turn()
      return items
    })
    while (source.pulls < 50) await turn()
    job.cancel()
    await t.throwsAsync(job, { code: 'ERR_CANCELLED' })
    await sleep(5)
    t.is(source.closes, 1)
    const { pulls } = source
    await sleep(5)
    t.is(source.pulls, pulls)
  }
})

test('falsy rejections are rejections', async (t) => {
  for (const falsy of [undefined, null, 0, '', false]) {
    const outcomes = await batch([1], async () => {
      throw falsy
    }).settled()
    const [outcome] = outcomes
    t.true(outcome?.status === 'rejected' && outcome.reason instanceof TaskError)
    t.is((outcome as { reason: Error }).reason.cause, falsy)
  }
})
