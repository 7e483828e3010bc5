// Values with megabytes of memory in them: handed from thread to thread, wherever they stand, and whatever becomes of their call.

import test from 'ava'
import { createPool, lazyParMap, share, workerModule, type Pool } from 'everycore'
import { child } from './support/child.ts'

const MIB = 2 ** 20
const SIZE = 3 * MIB

let pool: Pool
test.before(() => {
  pool = createPool({ workers: 2 })
})
test.after.always(() => pool.close())

const filled = (bytes = SIZE, value = 7): Uint8Array<ArrayBuffer> => new Uint8Array(bytes).fill(value)
const ends = (view: Uint8Array): number[] => [view.length, view[0] as number, view.at(-1) as number]
const same = (value: unknown): unknown => value

test('a copy travels: what the caller has stays, and what it does to it later is not seen', async (t) => {
  const array = filled()
  const job = pool.run(ends, [array])
  array.fill(1)
  t.deepEqual(await job, [SIZE, 7, 7])
  t.is(array.length, SIZE)
})

test('what is moved is gone at once, and arrives', async (t) => {
  const array = filled()
  const bare = new ArrayBuffer(SIZE)
  const job = pool.run((a: Uint8Array, b: ArrayBuffer) => [a.length, a[5], b.byteLength], [array, bare], {
    transfer: [array.buffer, bare],
  })
  t.deepEqual([array.length, bare.byteLength], [0, 0])
  t.deepEqual(await job, [SIZE, 7, SIZE])
})

test('what is moved, and only in part: the part arrives, all of it is gone', async (t) => {
  const array = filled(2 * SIZE)
  const part = array.subarray(SIZE / 2, SIZE / 2 + SIZE)
  part[0] = 9
  const job = pool.run((a: Uint8Array) => [a.length, a[0], a.buffer.byteLength <= 3 * 2 ** 20], [part], {
    transfer: [array.buffer],
  })
  t.is(array.length, 0)
  t.deepEqual(await job, [SIZE, 9, true])
})

test('whatever refuses the call leaves what it would move where it is', async (t) => {
  const buffer = new ArrayBuffer(SIZE)
  const refused = { code: 'ERR_NOT_CLONEABLE', message: /arguments\[1\]/ }
  await t.throwsAsync(pool.run(same as never, [buffer, () => 1] as never, { transfer: [buffer] }), refused)
  t.is(buffer.byteLength, SIZE)
  const closed = createPool({ workers: 1 })
  await closed.close()
  await t.throwsAsync(closed.run(same, [buffer], { transfer: [buffer] }), { code: 'ERR_CLOSED' })
  t.is(buffer.byteLength, SIZE)
  // Not plain data: cloned first, on memory of its own, and detached all the same.
  const error = Object.assign(new Error('with memory'), { cause: 1 })
  const job = pool.run((_: unknown, b: ArrayBuffer) => b.byteLength, [error, buffer], { transfer: [buffer] })
  t.is(buffer.byteLength, 0)
  t.is(await job, SIZE)
})

test('it comes back as what structured clone would make of it, with views of one memory on one memory', async (t) => {
  const memory = filled().buffer
  const bytes = Buffer.alloc(SIZE, 3)
  const value = {
    bare: memory,
    words: new Uint32Array(memory, 8, 4),
    view: new DataView(memory, 16),
    bytes,
    map: new Map<unknown, unknown>([['at', [bytes.subarray(1, 3)]]]),
    set: new Set([memory]),
    text: 'beside',
    again: undefined as unknown,
  }
  value.again = value.words
  const back = (await pool.run(same, [value])) as typeof value
  const expected = structuredClone(value)
  t.deepEqual(Object.keys(back), Object.keys(expected))
  t.deepEqual(back.words, expected.words)
  t.is(back.view.getUint8(0), 7)
  t.is(back.view.byteLength, expected.view.byteLength)
  t.true(Buffer.isBuffer(back.bytes))
  t.deepEqual([back.bytes.length, back.bytes[0]], [SIZE, 3])
  t.is(back.words.buffer, back.bare)
  t.is(back.view.buffer, back.bare)
  t.is(back.again, back.words)
  t.true(back.set.has(back.bare))
  t.deepEqual(back.map.get('at'), [Buffer.from([3, 3])])
  t.is(back.text, 'beside')
})

test('a view brings its own bytes only', async (t) => {
  const array = filled(4 * SIZE).subarray(8, 8 + SIZE)
  t.is(await pool.run((a: Uint8Array) => a.buffer.byteLength, [array]), SIZE)
  const back = await pool.run((n: number) => new Uint8Array(4 * n).subarray(8, 8 + n), [SIZE])
  t.deepEqual([back.length, back.buffer.byteLength], [SIZE, SIZE])
})

test('beside what is shared, and what only structured clone understands', async (t) => {
  const table = share({ size: SIZE })
  const value = { array: filled(), table, pattern: /x/g, shared: new SharedArrayBuffer(8) }
  const found = await pool.run(
    ({ array, table: it, pattern, shared }: typeof value) => [
      array.length === it.size,
      pattern.source,
      shared.byteLength,
    ],
    [value],
  )
  t.deepEqual(found, [true, 'x', 8])
})

test('the path to what cannot be sent is told', async (t) => {
  const bad = { code: 'ERR_NOT_CLONEABLE', message: /^arguments\[0\]\.inner\.callback cannot be cloned/ }
  await t.throwsAsync(pool.run(same, [{ array: filled(), inner: { callback: () => 1 } }]), bad)
  const result = await t.throwsAsync(pool.run((n: number) => ({ a: new Uint8Array(n), f: () => 1 }), [SIZE]))
  t.regex(result.message, /result\.f/)
})

test('items and results of a map, in order, with others between them', async (t) => {
  const items = Array.from({ length: 24 }, (_, i) => (i % 3 === 0 ? i : filled(SIZE, i)))
  const lengths = await pool.parMap(items, (item) => (typeof item === 'number' ? item : item[0]))
  t.deepEqual(lengths, [...items.keys()])
  const grown = await pool.parMap([...items.keys()], (i) => (i % 3 === 0 ? i : new Uint8Array(3 * 2 ** 20).fill(i)))
  t.deepEqual(
    grown.map((one) => (typeof one === 'number' ? one : (one.at(-1) as number))),
    [...items.keys()],
  )
})

test('a lazy map of more than fits into its window', async (t) => {
  function* source() {
    for (let i = 0; i < 40; i++) yield filled(SIZE, i)
  }
  let next = 0
  for await (const value of lazyParMap(source(), (a) => a[0] as number, { pool })) t.is(value, next++)
  t.is(next, 40)
})

test('calls that tasks make', async (t) => {
  const nested = workerModule<{ large(size: number): Promise<number[]> }>(
    new URL('./fixtures/nested.mjs', import.meta.url),
  )
  t.deepEqual(await pool.run(nested.large, [SIZE]), [SIZE, 5])
})

test('an attempt after the first has it, too', async (t) => {
  const array = filled()
  const again = await pool.run(
    (a: Uint8Array, { attempt }: { attempt: number }) => {
      const [first] = a
      a.fill(0)
      if (attempt < 3) throw new Error('not yet')
      return [a.length, first, attempt]
    },
    [array] as never,
    { retries: 2 },
  )
  t.deepEqual(again, [SIZE, 7, 3] as never)
})

test('it counts for how much may wait, as long as it waits', async (t) => {
  const small = createPool({ workers: 1, maxQueue: { bytes: 8 * MIB } })
  await small.warmup()
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const blocked = small.run((word: Int32Array) => Atomics.wait(word, 0, 0), [gate])
  const jobs = Array.from({ length: 4 }, () => small.run(ends, [filled()]).settled())
  await new Promise((resolve) => setTimeout(resolve, 50))
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
  await blocked
  const outcomes = await Promise.all(jobs)
  const codes = outcomes.map((one) => (one.status === 'fulfilled' ? 'done' : (one.reason as { code: string }).code))
  t.deepEqual(codes, ['done', 'done', 'ERR_QUEUE_FULL', 'ERR_QUEUE_FULL'])
  t.deepEqual(await small.run(ends, [filled()]), [SIZE, 7, 7])
  await small.close()
})

test('it waits for a caller that is busy when it is asked for', async (t) => {
  const job = pool.run(ends, [filled()])
  const until = performance.now() + 200
  while (performance.now() < until);
  t.deepEqual(await job, [SIZE, 7, 7])
})

test('a call that is cancelled before its memory has come, and one whose worker is gone', async (t) => {
  const cancelled = pool.run(ends, [filled()])
  cancelled.cancel()
  await t.throwsAsync(cancelled, { code: 'ERR_CANCELLED' })
  const died = pool.run(() => process.exit(3), [filled()])
  await t.throwsAsync(died, { code: 'ERR_WORKER_EXIT' })
  const late = pool.run(
    () => {
      for (;;);
    },
    [filled()],
    { timeout: 50, grace: 10 },
  )
  await t.throwsAsync(late, { code: 'ERR_TIMEOUT' })
  t.deepEqual(await pool.run(ends, [filled()]), [SIZE, 7, 7])
})

test('what nobody needs any more is let go', async (t) => {
  const end = await child('freight.mjs', { flags: ['--expose-gc'] })
  t.is(end.code, 0, end.stderr)
  t.regex(end.stdout, /^held after: \d MiB$/m)
})
