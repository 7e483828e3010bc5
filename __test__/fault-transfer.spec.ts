// Buffers that a call moves: gone at once and once only where the call is accepted, untouched where anything refuses it.
import test from 'ava'
import { createPool, run } from 'everycore'
import { fillQueue } from 'everycore/testing'
import { resultOf } from './fixtures/process.ts'
import { text } from './fixtures/tasks-typed.ts'
import { hazards } from './support/hazards.ts'

const same = hazards.same as never
const length = (buffer: ArrayBuffer): number => buffer.byteLength

test('transfer: what is moved is detached at once, and once only', async (t) => {
  const pool = createPool({ workers: 1 })
  const buffer = new ArrayBuffer(8)
  await t.throwsAsync(pool.run(length, [buffer], { transfer: [buffer, buffer] }), { code: 'ERR_OPTION' })
  t.is(buffer.byteLength, 8)
  const job = pool.run(length, [buffer], { transfer: [buffer] })
  t.is(buffer.byteLength, 0)
  t.is(await job, 8)
  await t.throwsAsync(pool.run(length, [buffer], { transfer: [buffer] }), { code: 'ERR_NOT_CLONEABLE' })
  t.is(await pool.run(length, [new ArrayBuffer(4)]), 4)
  await pool.close()
})

test('transfer: inputs are untouched when the call is refused', async (t) => {
  const pool = createPool({ workers: 1 })
  const buffer = new ArrayBuffer(8)
  await t.throwsAsync(pool.run(same, [buffer, () => 1] as never, { transfer: [buffer] }), { code: 'ERR_NOT_CLONEABLE' })
  t.is(buffer.byteLength, 8)
  await pool.close()
  await t.throwsAsync(pool.run(same, [buffer] as never, { transfer: [buffer] }), { code: 'ERR_CLOSED' })
  t.is(buffer.byteLength, 8)
})

function nested(levels: number): unknown {
  let deep: unknown = null
  for (let i = 0; i < levels; i++) deep = { deep }
  return deep
}

test('transfer: inputs are untouched when another argument is too deep', async (t) => {
  const pool = createPool({ workers: 1 })
  for (const options of [{}, { retries: 1 }, { queueTimeout: 60_000 }]) {
    const buffer = new ArrayBuffer(8)
    const job = pool.run(same, [buffer, nested(1500)] as never, { transfer: [buffer], ...options })
    t.is(buffer.byteLength, 8)
    await t.throwsAsync(job, { code: 'ERR_NOT_CLONEABLE', message: /^arguments is nested deeper than 1000 levels/ })
    t.is(buffer.byteLength, 8)
  }
  await pool.close()
})

test('transfer: inputs are untouched when the queue is full, the signal aborted, or an option refused', async (t) => {
  const pool = createPool({ workers: 1 })
  const full = fillQueue(pool)
  const buffer = new ArrayBuffer(8)
  const refused = pool.run(length, [buffer], { transfer: [buffer] })
  t.is(buffer.byteLength, 8)
  await t.throwsAsync(refused, { code: 'ERR_QUEUE_FULL' })
  await t.throwsAsync(pool.run(length, [buffer], { transfer: [buffer], signal: AbortSignal.abort(new Error('off')) }), {
    message: 'off',
  })
  await t.throwsAsync(pool.run(length, [buffer], { transfer: [buffer], metadata: { f() {} } }), {
    code: 'ERR_NOT_CLONEABLE',
  })
  t.is(buffer.byteLength, 8)
  full[Symbol.dispose]()
  t.is(await pool.run(length, [buffer], { transfer: [buffer] }), 8)
  t.is(buffer.byteLength, 0)
  await pool.close()
})

test('transfer: a call that waits for room has its bytes already', async (t) => {
  const pool = createPool({ workers: 1, maxQueue: 1, whenFull: 'wait' })
  const buffers = Array.from({ length: 20 }, (_, i) => new Uint8Array(4).fill(i).buffer)
  const sums = buffers.map((buffer) =>
    pool.run((bytes: ArrayBuffer) => new Uint8Array(bytes).reduce((a, b) => a + b, 0), [buffer], {
      transfer: [buffer],
    }),
  )
  t.deepEqual(
    buffers.map((buffer) => buffer.byteLength),
    buffers.map(() => 0),
  )
  t.deepEqual(
    await Promise.all(sums),
    buffers.map((_, i) => 4 * i),
  )
  await pool.close()
})

test('transfer: inputs are untouched when the workers cannot start', async (t) => {
  const pool = createPool({
    workers: 1,
    setup: () => {
      throw new RangeError('never')
    },
  })
  await t.throwsAsync(pool.run(length, [new ArrayBuffer(1)]), { code: 'ERR_LOAD' })
  const buffer = new ArrayBuffer(8)
  await t.throwsAsync(pool.run(length, [buffer], { transfer: [buffer] }), { code: 'ERR_LOAD' })
  t.is(buffer.byteLength, 8)
  await pool.close()
})

test('transfer: what cannot be moved is named', async (t) => {
  const [fine, moved] = [new ArrayBuffer(8), new ArrayBuffer(8)]
  structuredClone(moved, { transfer: [moved] })
  await t.throwsAsync(run(length, [fine], { transfer: [fine, moved] }), {
    code: 'ERR_NOT_CLONEABLE',
    message: /^transfer\[1\] cannot be moved to a worker: it has been moved/,
  })
  t.is(fine.byteLength, 8)
})

const movedText = [true, 'moved']

test('transfer: a Buffer on the memory arrives as a Buffer', async (t) => {
  const isBuffer = (bytes: Uint8Array): [boolean, string] => [Buffer.isBuffer(bytes), Buffer.from(bytes).toString()]
  // The first call of a task waits until its export has been found.
  for (const fn of [isBuffer, text]) {
    const bytes = Buffer.from(new TextEncoder().encode('moved').buffer)
    const job = run(fn, [bytes], { transfer: [bytes.buffer] })
    t.is(bytes.length, 0)
    t.deepEqual(await job, movedText as never)
  }
})

test('transfer: the same in sequential mode', async (t) => {
  const outcome = await resultOf(
    `
    import { run } from 'everycore'
    import { text } from './tasks.mjs'
    const bytes = Buffer.from(new TextEncoder().encode('moved').buffer)
    const job = run(text, [bytes], { transfer: [bytes.buffer] })
    console.log(JSON.stringify([bytes.length, await job]))`,
    { env: { EVERYCORE_SEQUENTIAL: '1' } },
  )
  t.deepEqual(outcome, [0, movedText])
})
