// oxlint-disable no-array-sort -- `native.sort` is no sort of an array in place
// `native.sort` and `argsort`: the order of `TypedArray.prototype.sort`, for every kind and either memory.

import test from 'ava'
import * as fc from 'fast-check'

import { native } from 'everycore'
import { KINDS } from './support/kinds.ts'

type Numbers = Float64Array
const MANY = 50_001

/** Numbers of every sign, many of them more than once. */
function mixed(Kind: typeof Float64Array, length: number): Numbers {
  const big = Kind.name.startsWith('Big')
  const array = new Kind(length) as unknown as (number | bigint)[]
  let state = 12_345
  for (let i = 0; i < length; i++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) | 0
    array[i] = big ? BigInt(state >> 8) : (state >> 8) / 7
  }
  return array as unknown as Numbers
}

function shared(array: Numbers): Numbers {
  const Kind = array.constructor as typeof Float64Array
  const copy = new Kind(new SharedArrayBuffer(array.byteLength))
  copy.set(array)
  return copy as Numbers
}

/** What `argsort` must give. */
function order(array: Numbers): Uint32Array {
  const rank = (x: number): number => (Number.isNaN(x) ? 3 : Object.is(x, -0) ? 1 : x === 0 ? 2 : 0)
  const compare = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : rank(a) - rank(b))
  return new Uint32Array([...array.keys()].toSorted((i, j) => compare(array[i] as number, array[j] as number)))
}

test('every kind, small and large, on either memory', async (t) => {
  for (const Kind of KINDS) {
    for (const length of [0, 1, 100, MANY]) {
      const array = mixed(Kind, length)
      const before = array.slice()
      for (const given of [array, shared(array)]) {
        const sorted = await native.sort(given)
        t.is(sorted.constructor, Kind)
        t.is(Object.prototype.toString.call(sorted.buffer), Object.prototype.toString.call(given.buffer))
        t.deepEqual(Buffer.from(sorted.slice().buffer), Buffer.from(array.toSorted().buffer), `${Kind.name} ${length}`)
        const indexes = await native.argsort(given)
        t.is(indexes.constructor, Uint32Array)
        t.deepEqual(indexes, order(array))
        t.deepEqual(given.slice(), before, 'the given one stays')
      }
    }
  }
})

test('any doubles at all', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.float64Array({ maxLength: 300 }), fc.constantFrom(1, 200), async (few, times) => {
      const array = Float64Array.from({ length: few.length * times }, (_, i) => few[i % few.length] as number)
      t.deepEqual(await native.sort(array), array.toSorted())
      t.deepEqual(await native.argsort(array), order(array))
    }),
    { numRuns: 30 },
  )
})

test('in place, where memory is shared', async (t) => {
  for (const length of [1000, MANY]) {
    const array = shared(mixed(Float64Array, length + 3)).subarray(3)
    const wanted = array.toSorted()
    t.is(await native.sort(array, { inPlace: true }), array)
    t.deepEqual(array.slice(), wanted)
  }
  await t.throwsAsync(native.sort(new Float64Array(3), { inPlace: true }), {
    code: 'ERR_OPTION',
    message: /'inPlace' must be false/,
  })
  await t.throwsAsync(native.sort(new Float64Array(3), { inPlace: 1 } as never), { code: 'ERR_OPTION' })
})

test('a subclass and a Buffer count as their kind', async (t) => {
  class Samples extends Float32Array {}
  const sorted = await native.sort(new Samples([3, 1, 2]))
  t.is(sorted.constructor, Float32Array)
  t.deepEqual([...sorted], [1, 2, 3])
  const bytes = await native.sort(Buffer.from('hello'))
  t.is(bytes.constructor, Uint8Array)
  t.is(Buffer.from(bytes).toString(), 'ehllo')
})

test('the result is an ordinary array: it can be moved', async (t) => {
  const sorted = await native.sort(mixed(Float64Array, MANY))
  structuredClone(sorted.buffer, { transfer: [sorted.buffer] })
  t.is(sorted.length, 0)
})

test('many at once, some of them given up', async (t) => {
  const array = mixed(Float64Array, MANY)
  const wanted = array.toSorted()
  const controller = new AbortController()
  const jobs = Array.from({ length: 24 }, (_, i) =>
    native.sort(i % 2 === 0 ? array : shared(array), i % 3 === 0 ? { signal: controller.signal } : {}),
  )
  setImmediate(() => controller.abort())
  const outcomes = await Promise.allSettled(jobs)
  for (const [i, outcome] of outcomes.entries()) {
    if (outcome.status === 'fulfilled') t.deepEqual(outcome.value.slice(), wanted)
    else t.is(outcome.reason.name, 'AbortError', String(i))
    if (i % 3 !== 0) t.is(outcome.status, 'fulfilled')
  }
})

test('this thread goes on while large arrays are copied and sorted', async (t) => {
  const array = mixed(Float64Array, 6_000_000)
  let turns = 0
  const timer = setInterval(() => turns++, 1)
  const sorted = await native.sort(array)
  clearInterval(timer)
  t.true(turns > 0, `${turns} turns of the event loop`)
  t.is(sorted[0], await native.min(array))
})
