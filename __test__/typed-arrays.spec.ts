// Maps over typed arrays: the same kind comes back, and only numbers may stand in it.

import test from 'ava'

import { parMap, ParallelError } from 'everycore'
import { NUMBER_KINDS } from './support/kinds.ts'

test('the result is of the same kind', async (t) => {
  for (const Kind of NUMBER_KINDS) {
    const result = await parMap(new Kind([1, 2, 3]), async (x) => x * 2)
    t.is(result.constructor, Kind)
    t.deepEqual([...result], [2, 4, 6])
    t.true(result.buffer instanceof ArrayBuffer)
  }
  for (const Kind of [BigInt64Array, BigUint64Array]) {
    const result = await parMap(new Kind([1n, 2n]) as BigInt64Array, async (x) => x * 2n)
    t.is(result.constructor, Kind)
    t.deepEqual([...result], [2n, 4n])
  }
})

test('on shared memory exactly when the items are', async (t) => {
  const result = await parMap(new Float64Array(new SharedArrayBuffer(16)), async (_x, i) => i)
  t.true(result.buffer instanceof SharedArrayBuffer)
  t.deepEqual([...result], [0, 1])
})

test('a Buffer counts as bytes, a subclass as its kind', async (t) => {
  const bytes = await parMap(Buffer.from('abc'), async (x) => x + 1)
  t.is(bytes.constructor, Uint8Array)
  t.deepEqual([...bytes], [98, 99, 100])
  class Samples extends Float32Array {}
  t.is((await parMap(new Samples(2), async () => 1)).constructor, Float32Array)
})

test('what is no number fails its item; its slot stays 0', async (t) => {
  const error = (await t.throwsAsync(
    parMap(new Float64Array([1, 2, 3]), (async (x: number) => (x === 2 ? 'two' : x)) as never),
    { instanceOf: ParallelError },
  )) as ParallelError<Float64Array>
  t.is(
    error.message,
    '1 of 3 items failed; first (item 1): TypeError: The result for an item of a Float64Array must be a number, got string',
  )
  t.deepEqual(error.results, new Float64Array([1, 0, 3]))
  await t.throwsAsync(parMap(new BigInt64Array(1), (async () => 1) as never, { onError: 'stop' }), {
    message: /must be a bigint, got number/,
  })
})

test('as they complete: failed slots are 0 too', async (t) => {
  const error = (await t.throwsAsync(
    parMap(
      new Int32Array([1, 2, 3]),
      async (x) => {
        if (x === 2) throw new Error('no')
        return x
      },
      { preserveOrder: false },
    ),
  )) as ParallelError<Int32Array>
  t.deepEqual([...error.results].toSorted(), [0, 1, 3])
  t.is(error.results.length, 3)
})

test("'return' is refused", async (t) => {
  await t.throwsAsync(
    parMap(new Int8Array(1), async (x) => x, { onError: 'return' } as never),
    { code: 'ERR_OPTION', message: /'onError' must be 'collect' or 'stop' for a typed array/ },
  )
})

test('empty ones', async (t) => {
  t.deepEqual(await parMap(new Int16Array(0), async (x) => x), new Int16Array(0))
})

test('settled tells each item', async (t) => {
  const job = parMap(new Uint8Array([1, 2]), async (x) => {
    if (x === 1) throw new Error('no')
    return x
  })
  t.deepEqual(
    (await job.settled()).map((one) => (one.status === 'fulfilled' ? one.value : one.status)),
    ['rejected', 2],
  )
  await t.throwsAsync(job)
})

test('a view brings only its own items', async (t) => {
  t.deepEqual(await parMap(new Float64Array([1, 2, 3, 4]).subarray(1, 3), async (x) => x), new Float64Array([2, 3]))
})
