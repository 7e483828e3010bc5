// Bytes that no encoder wrote end in an ordinary error: never in a crash, a hang, or values from outside of the item.
// oxlint-disable no-sparse-arrays -- holes are what is tested

import test from 'ava'
import * as fc from 'fast-check'
import { Decoder, Encoder } from '../dist/ts/codec/index.js'

const shared = { deep: [1, 'two', 3n] }
const rows = Array.from({ length: 4 }, (_, i) => ({ id: i, name: `n${i}`, at: [i / 3, -i], é: '€', ok: i > 1 }))
const samples: unknown[] = [
  1.5,
  'text',
  'é€'.repeat(20),
  -5n,
  2n ** 90n,
  [1, , 'x'],
  rows,
  { a: { b: { c: null } } },
  new Date(1),
  Buffer.from('bytes'),
  new Float64Array([1, 2]),
  new ArrayBuffer(5),
  [shared, shared],
  new Map([[shared, new Set([1])]]),
  /x/g,
  [new Uint8Array(shared.deep.length), Buffer.from('more')].flatMap((view) => [view, view.subarray(1)]),
  new Error('parcel'),
]

// Decodes, and says whether it ended as it may: in a value or in an error.
function survives(bytes: Buffer, definitions: Uint8Array | null, start = 0, end = bytes.length): boolean {
  try {
    const decoder = new Decoder()
    if (definitions) decoder.define(definitions)
    decoder.item(bytes, start, end, [])
    return true
  } catch (error) {
    return error instanceof Error
  }
}

const encoded = samples.map((sample) => {
  const encoder = new Encoder()
  encoder.item(sample)
  return { bytes: Buffer.from(encoder.buffer.subarray(0, encoder.length)), definitions: encoder.takeDefinitions() }
})

test('damaged bytes are an error or another value', (t) => {
  const changes = fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 })
  fc.assert(
    fc.property(fc.constantFrom(...encoded), changes, fc.boolean(), (one, edits, inDefinitions) => {
      const bytes = Buffer.from(one.bytes)
      const definitions = one.definitions && Buffer.from(one.definitions)
      const target = inDefinitions && definitions ? definitions : bytes
      for (const [at, value] of edits) target[at % target.length] = value
      return survives(bytes, definitions)
    }),
    { numRuns: 20_000 },
  )
  t.pass()
})

test('bytes from nowhere are an error or another value', (t) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => survives(Buffer.from(bytes), bytes)),
    { numRuns: 20_000 },
  )
  t.pass()
})

test('an item cut off anywhere is an error', (t) => {
  for (const { bytes, definitions } of encoded.slice(0, 12)) {
    for (let end = 0; end < bytes.length; end++) {
      const decoder = new Decoder()
      if (definitions) decoder.define(definitions)
      t.throws(() => decoder.item(bytes, 0, end, []), { instanceOf: Error })
    }
  }
})

test('more bytes than the item has are an error', (t) => {
  t.throws(() => new Decoder().item(Buffer.from([0x81, 0x82]), 0, 2, undefined), { message: /after the end/ })
})

test('bounds outside of the buffer are an error', (t) => {
  for (const [start, end] of [
    [-1, 1],
    [0, 9],
    [2, 1],
    [NaN, 1],
  ] as const) {
    t.throws(() => new Decoder().item(Buffer.from([0x81]), start, end, undefined), { message: /outside/ })
  }
})

test('a shape or a parcel that is not there is an error', (t) => {
  t.throws(() => new Decoder().item(Buffer.from([13, 0]), 0, 2, undefined), { message: /shape/ })
  t.throws(() => new Decoder().item(Buffer.from([18, 0]), 0, 2, undefined), { message: /parcel 0 is missing/ })
  t.throws(() => new Decoder().item(Buffer.from([18, 0]), 0, 2, ['not wrapped']), { message: /not a parcel/ })
})

test('a million nested lists in a few bytes do not overflow the stack unseen', (t) => {
  const bytes = Buffer.alloc(2_000_002, Buffer.from([11, 1]))
  t.throws(() => new Decoder().item(bytes, 0, bytes.length, undefined), { instanceOf: Error })
})

test('a count of more things than there are bytes allocates nothing', (t) => {
  for (const tag of [6, 7, 11, 14, 16]) {
    t.throws(() => new Decoder().item(Buffer.from([tag, 0xff, 0xff, 0xff, 0xff, 0x0f]), 0, 6, undefined), {
      message: /more of something/,
    })
  }
})

test('a decoder goes on after an error', (t) => {
  const decoder = new Decoder()
  t.throws(() => decoder.item(Buffer.from([11, 3, 1]), 0, 3, undefined))
  t.is(decoder.item(Buffer.from([0x85]), 0, 1, undefined), 5)
})
