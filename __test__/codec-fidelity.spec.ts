// Whatever structured clone carries, the codec carries the same.

import test from 'ava'
import * as fc from 'fast-check'
import { difference, receive, roundTrip, send, wayOf } from './fixtures/codec.ts'

const text = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) })
const anything = fc.anything({
  key: fc.oneof(fc.string(), text, fc.constantFrom('__proto__', 'toString', 'constructor', 'length', '0', '7', 'a b')),
  values: [
    fc.boolean(),
    fc.integer(),
    fc.double(),
    fc.bigInt(),
    text,
    fc.string({ unit: 'binary' }),
    fc.constantFrom(null, undefined, -0, NaN, 2 ** 31),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.uint8Array({ minLength: 9 }).map((bytes) => new DataView(bytes.buffer, 3, 5)),
    fc.constantFrom(/x/giu, /\//),
  ],
  maxDepth: 4,
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withSet: true,
  withNullPrototype: true,
  withSparseArray: true,
  withTypedArray: true,
})

// Some values, and links from any of the objects among them to any other: shared references and cycles.
const graphs = fc
  .tuple(fc.array(anything, { minLength: 1, maxLength: 6 }), fc.array(fc.tuple(fc.nat(5), fc.nat(5)), { maxLength: 6 }))
  .map(([values, links]) => {
    const nodes = values.map((value, i) =>
      i % 3 === 0 ? { value } : i % 3 === 1 ? [value] : new Map<unknown, unknown>([['value', value]]),
    )
    for (const [from, to] of links) {
      const [source, target] = [nodes[from % nodes.length]!, nodes[to % nodes.length]]
      if (source instanceof Map) source.set(target, to)
      else if (Array.isArray(source)) source.push(target)
      else Object.assign(source, { [`link${to}`]: target })
    }
    return nodes
  })

test('any value arrives as structured clone would bring it', (t) => {
  fc.assert(
    fc.property(anything, (value) => difference(roundTrip(value), value) === ''),
    { numRuns: 4000 },
  )
  t.pass()
})

test('cycles and shared references arrive as they were', (t) => {
  fc.assert(
    fc.property(graphs, (value) => difference(roundTrip(value), value) === ''),
    { numRuns: 2000 },
  )
  t.pass()
})

test('any items of a segment decode without the others, in any order', (t) => {
  fc.assert(
    fc.property(fc.array(anything, { minLength: 1, maxLength: 12 }), fc.array(fc.nat()), (values, picks) => {
      const places = picks.map((pick) => pick % values.length)
      const arrived = receive(send(values), places)
      return places.every((place, i) => difference(arrived[i], values[place]) === '')
    }),
    { numRuns: 1000 },
  )
  t.pass()
})

const shared = { x: 1 }
const cycle: Record<string, unknown> = { a: [1] }
cycle['self'] = cycle
const memory = new Uint8Array([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]).buffer

const table: Record<string, [value: unknown, way: 'bytes' | 'graph' | 'parcel']> = {
  'minus zero': [-0, 'bytes'],
  'not a number': [NaN, 'bytes'],
  'every size of integer': [[0, 127, 128, -1, -128, 2 ** 31 - 1, 2 ** 31, -(2 ** 31), 2 ** 53], 'bytes'],
  bigints: [[0n, -1n, 2n ** 63n - 1n, 2n ** 63n, -(2n ** 63n), -(2n ** 200n)], 'bytes'],
  'lone surrogates': ['\ud800 and \udfff and 😀', 'bytes'],
  'strings around the lengths where the way of writing changes': [
    [6, 7, 24, 25, 127, 128, 5000].flatMap((n) => ['x'.repeat(n), 'é'.repeat(n), '€'.repeat(n)]),
    'bytes',
  ],
  'an own __proto__': [JSON.parse('{"__proto__":{"polluted":true},"b":1}'), 'bytes'],
  'keys of Object.prototype': [{ toString: 1, constructor: { prototype: 2 }, hasOwnProperty: null }, 'bytes'],
  'a record without a prototype': [Object.assign(Object.create(null), { a: 1 }), 'bytes'],
  'symbol keys and hidden properties are left out': [
    Object.defineProperty({ a: 1, [Symbol('s')]: 2 }, 'hidden', { value: 3 }),
    'bytes',
  ],
  'a record with toJSON that is data': [{ toJSON: 'no function' }, 'bytes'],
  holes: [[, 1, , undefined, ,], 'bytes'],
  dates: [[new Date(5), new Date(NaN)], 'bytes'],
  'a shared record': [[shared, shared], 'graph'],
  'a cycle': [cycle, 'graph'],
  'a mostly empty array': [Object.assign([], { 5000: 'x' }), 'graph'],
  'an array with named properties': [Object.assign([1, 2], { extra: 1 }), 'graph'],
  'an array with a name that nearly is an index': [Object.assign([1, ,], { 4294967295: 1 }), 'graph'],
  'an array with a hidden element': [Object.defineProperty([1, 2, 3], 1, { enumerable: false }), 'bytes'],
  'maps and sets with object keys': [new Map<unknown, unknown>([[shared, new Set([shared])]]), 'graph'],
  'boxed primitives': [[Object(1), Object('s'), Object(false), Object(1n)], 'graph'],
  'a regular expression': [/a\/b/dgimsuy, 'graph'],
  'typed arrays with offsets': [
    [new Int16Array(new ArrayBuffer(32), 4, 3), new Float64Array(new ArrayBuffer(64), 8)],
    'bytes',
  ],
  'a map whose prototype was swapped': [Object.setPrototypeOf(new Map([[1, 2]]), Object.prototype), 'graph'],
  'a getter': [
    {
      get a() {
        return { b: 1 }
      },
    },
    'bytes',
  ],
  'a getter on an array': [Object.defineProperty([1, 2], 0, { get: () => 'got', enumerable: true }), 'bytes'],
  'an instance of a class': [
    new (class Point {
      x = 1
      #y = 2
      get y(): number {
        return this.#y
      }
    })(),
    'parcel',
  ],
  'a subclass of Array': [new (class List extends Array<number> {})(1, 2, 3), 'parcel'],
  'a resizable buffer': [new ArrayBuffer(4, { maxByteLength: 8 }), 'parcel'],
}
for (const [name, [value, way]] of Object.entries(table)) {
  test(name, (t) => {
    t.is(difference(roundTrip(value), value), '')
    t.is(wayOf(value), way)
  })
}

test('an array of many records, a deep record and a long array', (t) => {
  let deep: unknown = 1
  for (let i = 0; i < 150; i++) deep = { deep, i }
  for (const value of [
    Array.from({ length: 500 }, (_, i) => ({ i, at: { x: i / 3, y: [i] } })),
    deep,
    Array.from({ length: 20_000 }, (_, i) => i / 7),
  ]) {
    t.is(difference(roundTrip(value), value), '')
  }
})

test('views on one buffer go on sharing it, and bring no more of it than they cover', (t) => {
  const [bytes, floats, data] = roundTrip([
    new Uint8Array(memory, 9, 2),
    new Uint16Array(memory, 6, 2),
    new DataView(memory, 8, 3),
  ] as const)
  t.deepEqual([...bytes], [10, 11])
  t.is(bytes.buffer, floats.buffer)
  t.is(bytes.buffer, data.buffer)
  t.is(bytes.buffer.byteLength, 5)
  bytes[0] = 77
  t.is(data.getUint8(1), 77)
})

test('a buffer that stands in the item itself comes whole', (t) => {
  const [buffer, view] = roundTrip([memory, new Uint8Array(memory, 4, 2)] as const)
  t.is(view.buffer, buffer)
  t.is(view.byteOffset, 4)
  t.is(buffer.byteLength, 16)
})

test('a Buffer is a Buffer with its own bytes and memory, wherever it stands', (t) => {
  class Box {
    readonly held: Buffer
    constructor(held: Buffer) {
      this.held = held
    }
  }
  const pooled = Buffer.from('pooled text')
  for (const value of [pooled, { held: pooled }, new Map([['held', pooled]]), [pooled, pooled], new Box(pooled)]) {
    t.is(difference(roundTrip(value), value), '')
  }
  t.is(roundTrip(pooled).buffer.byteLength, pooled.length)
  t.is(roundTrip([pooled, pooled])[0]!.buffer.byteLength, pooled.length)
  const boxed = roundTrip(new Box(pooled)).held
  t.true(Buffer.isBuffer(boxed))
  t.is(boxed.toString(), 'pooled text')
})

test('an error as data is what structured clone makes of it', (t) => {
  const error = roundTrip({ failed: new RangeError('far') }).failed
  t.true(error instanceof RangeError)
  t.is(error.message, 'far')
})

test('shared memory is shared, Blob and KeyObject stay themselves', async (t) => {
  const common = new SharedArrayBuffer(4)
  const arrived = roundTrip({ deep: [new Int32Array(common)], blob: new Blob(['text']) })
  arrived.deep[0]![0] = 42
  t.is(new Int32Array(common)[0], 42)
  t.is(await arrived.blob.text(), 'text')
})

test('items of one segment share no identity', (t) => {
  const [a, b] = receive(send([{ of: new Map([[1, shared]]), e: new Error('x') }, shared])) as [
    { of: Map<number, object> },
    object,
  ]
  t.not(a.of.get(1), b)
})
