// What an encoder and a decoder promise their owners: buffers, definitions, parcels, and a clean state after a refusal.

import test from 'ava'
import { Decoder, Encoder, unwrapParcel, wrapParcel } from '../dist/ts/codec/index.js'

test('keys of records are defined at their second sight, once', (t) => {
  const encoder = new Encoder()
  encoder.item({ id: 1, name: 'a' })
  t.is(encoder.takeDefinitions(), null)
  encoder.item({ id: 2, name: 'b' })
  const definitions = encoder.takeDefinitions()!
  t.true(Buffer.from(definitions).includes('name'))
  const before = encoder.length
  encoder.item({ id: 3, name: 'c' })
  t.is(encoder.takeDefinitions(), null)
  t.true(encoder.length - before < 10)
})

test('definitions taken along the way are learnt in order', (t) => {
  const encoder = new Encoder()
  const decoder = new Decoder()
  const values = Array.from({ length: 40 }, (_, i) => ({ [`k${i % 5}`]: i, inner: { [`j${i % 3}`]: [i] } }))
  for (const value of values) {
    encoder.rewind()
    encoder.item(value)
    const definitions = encoder.takeDefinitions()
    if (definitions) decoder.define(definitions)
    t.deepEqual(decoder.item(encoder.buffer, 0, encoder.length, undefined), value)
  }
})

test('records used as maps do not swell the dictionary', (t) => {
  const encoder = new Encoder()
  for (let i = 0; i < 5000; i++) for (let twice = 0; twice < 2; twice++) encoder.item({ [`key ${i}`]: i })
  t.true((encoder.takeDefinitions()?.length ?? 0) < 20_000)
  const wide = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i]))
  for (let i = 0; i < 3; i++) encoder.item(wide)
  t.is(encoder.takeDefinitions(), null)
})

test('reset forgets everything, rewind only the bytes', (t) => {
  const encoder = new Encoder()
  for (let i = 0; i < 2; i++) encoder.item({ a: i })
  encoder.item(new Error('parcel'))
  encoder.rewind()
  t.is(encoder.length, 0)
  t.is(encoder.parcels.length, 1)
  t.not(encoder.takeDefinitions(), null)
  encoder.item({ a: 3 })
  t.is(encoder.takeDefinitions(), null)
  encoder.reset()
  t.is(encoder.parcels.length, 0)
  encoder.item({ a: 4 })
  t.deepEqual(new Decoder().item(encoder.buffer, 0, encoder.length, undefined), { a: 4 })
})

test('parcels once taken begin at 0 again', (t) => {
  const encoder = new Encoder()
  for (const message of ['one', 'two']) {
    encoder.rewind()
    encoder.item(new Error(message))
    const arrived = new Decoder().item(
      encoder.buffer,
      0,
      encoder.length,
      structuredClone(encoder.takeParcels()),
    ) as Error
    t.is(arrived.message, message)
  }
})

test('an item that cannot be sent leaves no trace', (t) => {
  const encoder = new Encoder({ initialBytes: 8 })
  encoder.item('before')
  const { length } = encoder
  t.throws(() => encoder.item({ rows: ['long enough to be written'.repeat(9), () => 1] }))
  t.throws(() => encoder.item(Symbol('no')))
  t.is(encoder.length, length)
  t.is(encoder.parcels.length, 0)
  encoder.item('after')
  t.is(new Decoder().item(encoder.buffer, length, encoder.length, undefined), 'after')
  t.is(new Decoder().item(encoder.buffer, 0, length, undefined), 'before')
})

test('an item is a snapshot', (t) => {
  const live = { of: new Error('x'), list: [1] }
  const encoder = new Encoder()
  encoder.item(live)
  live.list.push(2)
  t.deepEqual((new Decoder().item(encoder.buffer, 0, encoder.length, encoder.parcels) as typeof live).list, [1])
})

test('getters of records run once, and where they start another job they are told not to', (t) => {
  const encoder = new Encoder()
  let runs = 0
  encoder.item({
    get counted() {
      return ++runs
    },
  })
  t.is(runs, 1)
  t.throws(
    () =>
      encoder.item({
        get nested() {
          encoder.item(1)
          return 1
        },
      }),
    { code: 'ERR_NOT_CLONEABLE' },
  )
  encoder.reset()
  encoder.item(7)
  t.is(encoder.length, 1)
})

test('a large buffer is let go at the next reset', (t) => {
  const encoder = new Encoder({ initialBytes: 1024 })
  encoder.item('x'.repeat(8 * 2 ** 20))
  t.true(encoder.buffer.length > 8 * 2 ** 20)
  encoder.reset()
  t.is(encoder.buffer.length, 1024)
})

test('items are read from shared memory, too', (t) => {
  const encoder = new Encoder()
  for (const value of [
    'short',
    'a longer text with an é',
    '€',
    { a: 1.5 },
    Buffer.from('bytes'),
    new Map([[1, { a: 2 }]]),
  ]) {
    encoder.reset()
    encoder.item(value)
    const outbox = Buffer.from(new SharedArrayBuffer(256), 64)
    encoder.buffer.copy(outbox, 5, 0, encoder.length)
    t.deepEqual(new Decoder().item(outbox, 5, 5 + encoder.length, undefined), value)
  }
})

test('a decoded view stands on memory of its own', (t) => {
  const encoder = new Encoder()
  encoder.item(Buffer.from('abc'))
  const bytes = new Decoder().item(encoder.buffer, 0, encoder.length, undefined) as Buffer
  encoder.buffer.fill(0)
  t.is(bytes.toString(), 'abc')
  t.is(bytes.buffer.byteLength, 3)
})

test('a wrapped value keeps its Buffers through structured clone', (t) => {
  const bytes = Buffer.from('abc')
  const value = { set: new Set([bytes]), same: bytes, plain: new Uint8Array([1]) }
  const arrived = unwrapParcel(structuredClone(wrapParcel(value))) as typeof value
  t.true(Buffer.isBuffer(arrived.same))
  t.true(arrived.set.has(arrived.same))
  t.false(Buffer.isBuffer(arrived.plain))
})
