// Values cross to workers and back exactly as `structuredClone` would carry them, Buffers as Buffers, and shared memory as itself.

import { deepStrictEqual } from 'node:assert'
import * as fc from 'fast-check'
import test from 'ava'

import { parMap, run } from 'everycore'

const identity = <T>(x: T): T => x

/** What the contract promises in place of a plain structured clone: a Buffer stays one. */
const expected = (value: unknown): unknown => (Buffer.isBuffer(value) ? Buffer.from(value) : structuredClone(value))

const views = fc.oneof(
  fc.uint8Array(),
  fc.int16Array(),
  fc.float64Array(),
  fc.bigInt64Array(),
  fc.uint8Array({ minLength: 4 }).map((bytes) => bytes.subarray(1, 3)),
  fc.uint8Array().map((bytes) => bytes.buffer),
  fc.uint8Array({ minLength: 8 }).map((bytes) => new DataView(bytes.slice().buffer, 1, 4)),
)
const leaf = fc.oneof(
  fc.anything({
    withBigInt: true,
    withMap: true,
    withSet: true,
    withTypedArray: true,
    withSparseArray: true,
    withNullPrototype: false,
  }),
  // To `deepStrictEqual` an invalid date is not even equal to itself.
  fc.date({ noInvalidDate: true }),
  fc.bigInt(),
  views,
  fc.constantFrom(
    /a+b/giu,
    -0,
    NaN,
    Infinity,
    new Error('plain'),
    new RangeError('ranged'),
    new Boolean(false),
    new Number(3),
    new String('boxed'),
    Object(7n) as unknown,
  ),
  fc.string({ unit: 'binary' }),
)
const cloneable = fc
  .oneof(
    leaf,
    fc.array(leaf),
    fc.dictionary(fc.string(), leaf),
    leaf.map((value) => [value, { again: value }]),
    leaf.map((value) => {
      const cyclic: Record<string, unknown> = { value }
      cyclic['self'] = cyclic
      return cyclic
    }),
    fc.array(fc.tuple(leaf, leaf)).map((entries) => new Map(entries)),
    fc.array(leaf).map((values) => new Set(values)),
  )
  .filter((value) => {
    try {
      structuredClone(value)
      return true
    } catch {
      return false
    }
  })

test('any value, through run', async (t) => {
  await fc.assert(
    fc.asyncProperty(cloneable, async (value) => deepStrictEqual(await run(identity, [value]), expected(value))),
    { numRuns: 400 },
  )
  t.pass()
})

test('any values, through parMap', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(cloneable, { minLength: 1 }), async (values) => {
      deepStrictEqual(await parMap(values, identity), values.map(expected))
    }),
    { numRuns: 100 },
  )
  t.pass()
})

test('Buffers stay Buffers, with their own bytes only', async (t) => {
  const whole = Buffer.from('hello world')
  const part = whole.subarray(6)
  const back = await run(identity, [{ part, list: [Buffer.alloc(0)] }])
  t.true(Buffer.isBuffer(back.part) && Buffer.isBuffer(back.list[0]))
  t.is(back.part.toString(), 'world')
  t.true(await run((x: unknown) => Buffer.isBuffer(x), [part]))
  t.true(Buffer.isBuffer((await parMap([part], identity))[0]))
})

test('views on one buffer within a value still share it; values do not', async (t) => {
  const buffer = new ArrayBuffer(16)
  const back = await run(identity, [{ a: new Uint8Array(buffer, 0, 8), b: new Float64Array(buffer, 8, 1) }])
  t.is(back.a.buffer, back.b.buffer as unknown as ArrayBuffer)
  const shared = { x: 1 }
  const [first, second] = await parMap([shared, shared], identity)
  t.not(first, second)
  const twice = await run(identity, [[shared, shared]])
  t.is(twice[0], twice[1])
})

test('SharedArrayBuffer is shared, wherever it stands', async (t) => {
  const memory = new Int32Array(new SharedArrayBuffer(16))
  await run(
    (x: { deep: [Map<string, Int32Array>] }) => void Atomics.store(x.deep[0].get('m')!, 0, 7),
    [{ deep: [new Map([['m', memory]])] }],
  )
  t.is(memory[0], 7)
  await parMap([memory, memory], (m) => void Atomics.add(m, 1, 1))
  t.is(memory[1], 2)
  await parMap([0], (_x, _i, { use }) => void Atomics.store(use.memory, 2, 5), { use: { memory } })
  t.is(memory[2], 5)
  const back = await run(identity, [memory])
  back[3] = 9
  t.is(memory[3], 9)
})

test('names of prototypes are data like any other', async (t) => {
  const tricky = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": 2}, "toString": 3}') as object
  const back = await run(identity, [tricky])
  t.deepEqual(Object.keys(back), ['__proto__', 'constructor', 'toString'])
  t.is(Object.getPrototypeOf(back), Object.prototype)
  t.is(({} as { polluted?: unknown }).polluted, undefined)
})

test('holes, extra properties of arrays, order of keys, long strings', async (t) => {
  const sparse = [1, , 3] as unknown[] & { extra?: number }
  sparse.extra = 4
  const back = await run(identity, [sparse])
  t.false(1 in back)
  t.is(back.length, 3)
  t.is(back.extra, 4)
  t.deepEqual(Object.keys(await run(identity, [{ b: 1, 2: 1, a: 1, 1: 1 }])), ['1', '2', 'b', 'a'])
  const long = 'é'.repeat(2_000_000) + '🦀'
  t.is(await run(identity, [long]), long)
})

test('errors as values keep what makes them', async (t) => {
  const error = Object.assign(new RangeError('far', { cause: new TypeError('why') }), { code: 'E_FAR' })
  const back = await run(identity, [{ error }])
  t.true(back.error instanceof RangeError)
  t.is(back.error.message, 'far')
})

test('undefined and nothing are told apart', async (t) => {
  t.is(await run(identity, [undefined]), undefined)
  t.deepEqual(await run(() => ({ a: undefined })), { a: undefined })
  t.deepEqual(await run((...args: unknown[]) => args.length, []), 0)
})
