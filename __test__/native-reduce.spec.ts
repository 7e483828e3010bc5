// oxlint-disable no-array-sort -- `native.sort` is no sort of an array in place
// `native.sum`, `min` and `max`: the same numbers from every kind of array and memory.

import test from 'ava'
import * as fc from 'fast-check'

import { createPool, defaultPool, native, OptionError, parChunks, parIter, parSort } from 'everycore'
import { BIG_KINDS, NUMBER_KINDS } from './support/kinds.ts'

/** Enough for several pieces, and to be worth native threads. */
const MANY = 600_001

/** The same numbers on shared memory, at an odd place in it. */
function onShared<A extends Float64Array | BigInt64Array | Uint8Array>(array: A): A {
  const Kind = array.constructor as new (memory: SharedArrayBuffer, offset: number, length: number) => A
  const size = array.BYTES_PER_ELEMENT
  const shared = new Kind(new SharedArrayBuffer((array.length + 3) * size), size * 3, array.length)
  shared.set(array as never)
  return shared
}

test('every kind of number, on either memory', async (t) => {
  for (const Kind of NUMBER_KINDS) {
    const array = (Kind as typeof Float64Array).from(
      { length: MANY },
      (_, i) => (i % 100) - (Kind.name.startsWith('U') ? 0 : 50),
    ) as Float64Array
    const sum = array.reduce((a, b) => a + b, 0)
    for (const given of [array, onShared(array)]) {
      t.is(await native.sum(given), sum, Kind.name)
      t.is(await native.min(given), Math.min(...array.slice(0, 100)), Kind.name)
      t.is(await native.max(given), Math.max(...array.slice(0, 100)), Kind.name)
    }
  }
})

test('bigints stay bigints, and their sums do not wrap', async (t) => {
  for (const Kind of BIG_KINDS) {
    const most = Kind === BigInt64Array ? 2n ** 63n - 1n : 2n ** 64n - 1n
    const array = new Kind(MANY).fill(most)
    array[7] = 1n
    for (const given of [array, onShared(array as BigInt64Array)]) {
      t.is(await native.sum(given), most * BigInt(MANY - 1) + 1n)
      t.is(await native.min(given), 1n)
      t.is(await native.max(given), most)
    }
  }
  t.is(await native.sum(new BigInt64Array([-(2n ** 63n), -5n])), -(2n ** 63n) - 5n)
})

test('the same result from either memory, whatever the numbers', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.float64Array({ minLength: 1, maxLength: 200 }), async (few) => {
      const many = Float64Array.from({ length: 40_000 }, (_, i) => few[i % few.length] as number)
      const shared = onShared(many)
      for (const verb of ['sum', 'min', 'max'] as const) {
        t.true(Object.is(await native[verb](many), await native[verb](shared)), verb)
      }
      t.is(await native.min(few), Math.min(...few))
      t.is(await native.max(few), Math.max(...few))
    }),
    { numRuns: 25 },
  )
})

test('a sum does not lose what is small', async (t) => {
  t.is(await native.sum(new Float64Array([1e100, 1, -1e100])), 1)
  t.is(await native.sum(new Float64Array(1_000_000).fill(0.1)), 100_000)
  t.is(await native.sum(new Float64Array([Infinity, 1])), Infinity)
  t.is(await native.sum(new Float64Array([Infinity, -Infinity])), NaN)
})

test('zeros keep their sign', async (t) => {
  t.is(await native.min(new Float64Array([0, -0])), -0)
  t.is(await native.max(new Float32Array([-0, 0])), 0)
  t.is(await native.max(new Float64Array([-0])), -0)
})

test('empty arrays', async (t) => {
  t.is(await native.sum(new Float64Array()), 0)
  t.is(await native.sum(new BigInt64Array()), 0n)
  t.is(await native.min(new Float64Array()), undefined)
  t.is(await native.max(new Uint8Array(new SharedArrayBuffer(0))), undefined)
})

test('a view counts only its own elements, a Buffer its bytes', async (t) => {
  t.is(await native.sum(new Float64Array([1, 2, 4, 8]).subarray(1, 3)), 6)
  t.is(await native.sum(Buffer.from([1, 2, 250])), 253)
})

test('what is no typed array is refused, as a rejection', async (t) => {
  for (const wrong of [[1, 2], new ArrayBuffer(8), new DataView(new ArrayBuffer(8)), null, 'text', 7]) {
    await t.throwsAsync(native.sum(wrong as never), { instanceOf: OptionError, message: /must be a typed array/ })
  }
  const detached = new Float64Array(4)
  structuredClone(detached.buffer, { transfer: [detached.buffer] })
  await t.throwsAsync(native.sum(detached), { code: 'ERR_OPTION', message: /detached/ })
  await t.throwsAsync(native.sum(new Float64Array(1), { inPlace: true } as never), { code: 'ERR_OPTION' })
  await t.throwsAsync(native.sum(new Float64Array(1), 3 as never), { code: 'ERR_OPTION' })
})

test('a view that a smaller memory has left outside is refused, not taken for an empty one', async (t) => {
  const outside = <A>(Kind: new (buffer: ArrayBuffer, offset: number, length: number) => A): A => {
    const memory = new ArrayBuffer(32, { maxByteLength: 64 })
    const view = new Kind(memory, 16, 2)
    memory.resize(16)
    return view
  }
  const gone = outside(Float64Array)
  const calls = [native.sum(gone), native.min(gone), native.max(gone), native.sort(gone), native.argsort(gone)]
  for (const call of calls) await t.throwsAsync(call, { code: 'ERR_OPTION', message: /keep its memory/ })
  await t.throwsAsync(native.hash('crc32', outside(Uint8Array)), { code: 'ERR_OPTION', message: /detached/ })
  await t.throwsAsync(parSort(gone), { code: 'ERR_OPTION', message: /parSort: the array must keep/ })
  await t.throwsAsync(parIter(gone).collect(), { code: 'ERR_OPTION', message: /parIter: the array must keep/ })
  const length = (view: Float64Array): number => view.length
  await t.throwsAsync(parChunks(gone, 2, length), { code: 'ERR_OPTION', message: /parChunks: the array must keep/ })
})

test('an array that is detached between two slices is told as such', async (t) => {
  const array = new Float64Array(20_000_000)
  const sum = native.sum(array)
  structuredClone(array.buffer, { transfer: [array.buffer] })
  await t.throwsAsync(sum, { code: 'ERR_OPTION', message: /detached/ })
})

test('a job: named, native, cancelled by its signal', async (t) => {
  const shared = onShared(new Float64Array(MANY))
  const job = native.sum(shared)
  t.is(job.name, 'sum')
  t.is(defaultPool.job(job.id)?.state, job.state)
  t.is(job.lane, 'native')
  t.is(await job, 0)
  t.is(job.state, 'done')
  t.deepEqual(job.progress, { done: 1, failed: 0, total: 1 })
  t.deepEqual(await native.max(new Uint8Array([3])).settled(), { status: 'fulfilled', value: 3 })

  const reason = new Error('enough')
  await t.throwsAsync(native.sum(shared, { signal: AbortSignal.abort(reason) }), { is: reason })
  const controller = new AbortController()
  const sum = native.sum(shared, { signal: controller.signal })
  controller.abort(reason)
  await t.throwsAsync(sum, { is: reason })
  const cancelled = native.min(shared)
  cancelled.cancel()
  await t.throwsAsync(cancelled, { code: 'ERR_CANCELLED' })
  t.is(cancelled.state, 'cancelled')
})

test('a pool of its own starts no workers for native work, and refuses it once closed', async (t) => {
  const pool = createPool({ nativeThreads: 3, stackSize: 262_144, name: 'counting' })
  const shared = onShared(new Float64Array(MANY).fill(1))
  t.is(pool.stats().nativeThreads, 0)
  const sums = await Promise.all(Array.from({ length: 50 }, () => pool.native.sum(shared)))
  t.like(pool.stats(), { nativeThreads: 3, workers: { started: 0 } })
  t.like(pool.metrics().functions['sum'], { total: 50, completed: 50, failed: 0 })
  t.true(sums.every((sum) => sum === MANY))
  t.is(await native.sum(shared, { pool }), MANY)
  const last = pool.native.sum(shared)
  await pool.close()
  t.is(await last, MANY, 'what was accepted ends')
  await t.throwsAsync(pool.native.sum(shared), { code: 'ERR_CLOSED' })
  await t.throwsAsync(pool.native.sum(new Uint8Array(1)), { code: 'ERR_CLOSED' }, 'also what is done at once')
  await t.throwsAsync(pool.native.wordCount('a'), { code: 'ERR_CLOSED' })
})

test('options of the lane are checked', (t) => {
  t.throws(() => createPool({ nativeThreads: 0 }), { code: 'ERR_OPTION', message: /nativeThreads/ })
  t.throws(() => createPool({ stackSize: 1000 }), { code: 'ERR_OPTION', message: /stackSize/ })
})

test('the queue is bounded', async (t) => {
  await using pool = createPool({ nativeThreads: 1, maxQueue: 1 })
  const shared = onShared(new Float64Array(MANY))
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => pool.native.sum(shared)))
  const refused = outcomes.filter((one) => one.status === 'rejected').map((one) => one.reason.code)
  t.true(refused.length > 0)
  t.true(refused.every((code) => code === 'ERR_QUEUE_FULL'))
  t.true(outcomes.some((one) => one.status === 'fulfilled'))
})
