// What travels as a parcel brings no more memory than its views cover, and is otherwise exactly what structured clone makes of it.

import { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import * as fc from 'fast-check'
import test from 'ava'

import { difference, receive, roundTrip, send, wayOf } from './fixtures/codec.ts'

class Box<T> {
  readonly held: T
  constructor(held: T) {
    this.held = held
  }
}

const large = (): ArrayBuffer => new Uint8Array(4096).map((_, i) => i).buffer

test('a view in an instance, in every kind of holder', (t) => {
  const view = new Uint8Array(large(), 100, 3)
  for (const [value, find] of [
    [new Box(view), (back: Box<Uint8Array>) => back.held],
    [[new Box(1), view], (back: [unknown, Uint8Array]) => back[1]],
    [new Box(new Map([[1, view]])), (back: Box<Map<number, Uint8Array>>) => back.held.get(1)],
    [new Box(new Map([[view, 1]])), (back: Box<Map<Uint8Array, number>>) => [...back.held.keys()][0]],
    [new Box(new Set([view])), (back: Box<Set<Uint8Array>>) => [...back.held][0]],
    [new Box({ deep: [[view]] }), (back: Box<{ deep: Uint8Array[][] }>) => back.held.deep[0]![0]],
    [{ error: new Error('x'), view }, (back: { view: Uint8Array }) => back.view],
    [{ shared: new SharedArrayBuffer(1), view }, (back: { view: Uint8Array }) => back.view],
    [{ blob: new Blob(['x']), view }, (back: { view: Uint8Array }) => back.view],
  ] as [unknown, (back: unknown) => Uint8Array][]) {
    t.is(wayOf(value), 'parcel')
    const found = find(roundTrip(value))
    t.deepEqual(found, new Uint8Array([100, 101, 102]))
    t.is(found.buffer.byteLength, 3)
    t.is(difference(roundTrip(value), value), '')
  }
  t.is(view.buffer.byteLength, 4096)
})

test('a Buffer of the pool brings nothing else of the pool, and stays a Buffer', (t) => {
  const pooled = Buffer.from('mine')
  t.true(pooled.buffer.byteLength > 4)
  const { held } = roundTrip(new Box(pooled))
  t.true(Buffer.isBuffer(held))
  t.is(held.toString(), 'mine')
  t.is(held.buffer.byteLength, 4)
})

test('views of one buffer share what they cover together, with their alignment', (t) => {
  const memory = large()
  const sent = new Box([
    new Uint8Array(memory, 1001, 2),
    new Float64Array(memory, 1008, 2),
    new DataView(memory, 1004, 4),
  ])
  const [bytes, floats, data] = roundTrip(sent).held as [Uint8Array, Float64Array, DataView]
  t.is(bytes.buffer, floats.buffer)
  t.is(bytes.buffer, data.buffer)
  t.is(bytes.buffer.byteLength, 24)
  floats[0] = 0
  t.is(data.byteLength, 4)
  t.deepEqual([...bytes], [1001 & 255, 1002 & 255])
})

test('the same view twice is one view, in either order of holders', (t) => {
  const view = new Uint8Array(large(), 8, 8)
  const back = roundTrip(new Box({ map: new Map([[view, view]]), set: new Set([view]), list: [view, view] })).held
  const all = new Set<unknown>([...back.map.keys(), ...back.map.values(), ...back.set, ...back.list])
  t.is(all.size, 1)
})

test('a buffer that stands in the item itself, or under what only structured clone understands, comes whole', (t) => {
  const memory = large()
  const view = new Uint8Array(memory, 4, 2)
  const beside = roundTrip(new Box({ memory, view })).held
  t.is(beside.view.buffer, beside.memory)
  t.is(beside.memory.byteLength, 4096)
  const cause = roundTrip(new Box([view, new Error('x', { cause: view })])).held as [Uint8Array, Error]
  if (cause[1].cause !== undefined) t.is((cause[1].cause as Uint8Array).buffer, cause[0].buffer)
})

test('shared and resizable memory is left alone', (t) => {
  const shared = new Uint8Array(new SharedArrayBuffer(64), 8, 2)
  const growing = new Uint8Array(new ArrayBuffer(64, { maxByteLength: 128 }), 8, 2)
  const view = new Uint8Array(large(), 8, 2)
  const back = roundTrip(new Box([shared, growing, view])).held as Uint8Array[]
  back[0]![0] = 42
  t.is(shared[0], 42)
  t.deepEqual(
    back.map(({ buffer }) => buffer.byteLength),
    [64, 64, 2],
  )
})

test('views that getters give; each getter runs once', (t) => {
  let ran = 0
  const value = {
    get view(): Uint8Array {
      ran++
      return new Uint8Array(large(), 9, 1)
    },
  }
  const sent = send([value])
  t.is(ran, 1)
  const [{ view }] = receive(sent) as [{ view: Uint8Array }]
  t.is(view[0], 9)
  t.is(view.buffer.byteLength, 1)
})

test('what cannot be cloned beside a view is refused with its path', (t) => {
  const view = new Uint8Array(large(), 4, 2)
  for (const [value, path] of [
    [new Box([view, () => 1]), 'item.held[1]'],
    [new Box({ view, symbol: Symbol('s') }), 'item.held.symbol'],
    [new Box({ view, proxy: new Proxy({}, {}) }), 'item.held.proxy'],
    [new Box({ view, promise: Promise.resolve() }), 'item.held.promise'],
    [
      {
        view,
        get boom() {
          throw new RangeError('getter')
        },
      },
      'item.boom',
    ],
    [new Box({ view, socket: new Socket() }), undefined],
    [new Box({ view, port: new MessageChannel().port1 }), 'item.held.port'],
    // Its class is native: there may be more to it than its properties.
    [new Box({ view, weak: Object.assign(new WeakRef({}), { a: 1 }) }), 'item.held.weak'],
  ] as [unknown, string | undefined][]) {
    const error = t.throws(() => send([value]), { code: 'ERR_NOT_CLONEABLE' }) as unknown as { path: string }
    if (path !== undefined) t.is(error.path, path)
  }
})

test('instances of the user are laid out as structured clone would', (t) => {
  class Emitting extends EventEmitter {
    readonly view = new Uint8Array(large(), 1, 1)
    readonly n = 1
    override readonly listeners = undefined as never
    get computed(): never {
      throw new Error('not own')
    }
  }
  const value = new Emitting()
  t.is(difference(roundTrip(value), value), '')
  class List extends Array<unknown> {}
  const list = List.from([value.view, , new Box(value.view)])
  list.length = 7
  t.is(difference(roundTrip(list), list), '')
  const bare = Object.assign(Object.create(null) as object, { ['__proto__']: value.view, box: new Box(1) })
  t.is(difference(roundTrip(bare), bare), '')
})

const views = fc
  .tuple(fc.nat({ max: 64 }), fc.nat({ max: 16 }), fc.constantFrom(Uint8Array, Int16Array, Float32Array, BigInt64Array))
  .map(([at, length, Kind]) => {
    const memory = new Uint8Array(1024).map((_, i) => i).buffer
    return new Kind(memory, at * 8, length)
  })
const { value: tree } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    views,
    fc.constantFrom(1, 'x', null, undefined, /x/g, new Date(7), new Error('e'), new Blob([]), Buffer.from('pooled')),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string(), tie('value'), { maxKeys: 4 }),
    tie('value').map((value) => new Box(value)),
    tie('value').map((value) => [value, value]),
    tie('value').map((value) => ({
      get got() {
        return value
      },
    })),
    fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
    fc.array(tie('value'), { maxLength: 3 }).map((members) => new Set(members)),
    tie('value').map((value) => {
      const cycle: Record<string, unknown> = { value }
      cycle['self'] = cycle
      return cycle
    }),
  ),
}))

test('anything with views in it arrives as structured clone would bring it', (t) => {
  fc.assert(
    fc.property(tree, (value) => difference(roundTrip(new Box(value)), new Box(value)) === ''),
    { numRuns: 3000 },
  )
  t.pass()
})
