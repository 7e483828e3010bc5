// oxlint-disable no-array-sort -- `native.sort` is no sort of an array in place
// Native functions beside what plain JavaScript makes of the same numbers and bytes: any kind, any memory, any length.

import { createHash } from 'node:crypto'

import test from 'ava'
import * as fc from 'fast-check'

import { native } from 'everycore'
import { KINDS } from './support/kinds.ts'

type Numbers = Float64Array

/** Numbers whose sum every kind has exactly: small integers, with what is odd among floats. */
const few = fc.array(fc.integer({ min: -120, max: 120 }), { minLength: 1, maxLength: 60 })
/** Up to a thousand times as many, for what is few is done at once. */
const times = fc.constantFrom(1, 7, 1000)

/** The same few numbers again and again, in another order each time, at an odd place in the memory. */
function numbers(Kind: typeof Float64Array, some: readonly number[], repeat: number, shared: boolean): Numbers {
  const size = Kind.BYTES_PER_ELEMENT
  const length = some.length * repeat
  const bytes = (length + 3) * size
  const array = new Kind(shared ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes), size * 3, length)
  const big = Kind.name.startsWith('Big')
  for (let i = 0; i < length; i++) {
    const number = some[(i * 31 + Math.floor(i / some.length)) % some.length] as number
    array[i] = big ? (BigInt(number) as never) : number
  }
  return array as Numbers
}

test('sum, min, max, sort and argsort of any kind', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...KINDS), few, times, fc.boolean(), async (Kind, some, repeat, shared) => {
      const given = numbers(Kind, some, repeat, shared)
      const plain = Array.from(given)
      const zero = (typeof plain[0] === 'bigint' ? 0n : 0) as number
      const sorted = given.toSorted()
      t.is(
        await native.sum(given),
        plain.reduce((a, b) => a + b, zero),
      )
      t.is(await native.min(given), sorted[0])
      t.is(await native.max(given), sorted.at(-1))
      t.deepEqual((await native.sort(given)).slice(), sorted)
      const order = plain.map((_, i) => i)
      order.sort((i, j) => Number((plain[i] as number) - (plain[j] as number)) || i - j)
      t.deepEqual(await native.argsort(given), Uint32Array.from(order))
      if (shared) t.deepEqual((await native.sort(given, { inPlace: true })).slice(), sorted)
      else t.deepEqual(Array.from(given), plain, 'the given one stays')
    }),
    { numRuns: 60 },
  )
})

test('digests of any messages, on any memory', async (t) => {
  const length = fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 60_000, max: 70_000 }))
  const message = fc.record({ length, byte: fc.nat(255), shared: fc.boolean() })
  await fc.assert(
    fc.asyncProperty(fc.array(message, { maxLength: 30 }), fc.constantFrom(1, 100), async (some, repeat) => {
      const messages = Array.from({ length: some.length * repeat }, (_, i) => {
        const { length: bytes, byte, shared } = some[i % some.length] as (typeof some)[number]
        const size = repeat > 1 ? bytes % 1000 : bytes
        return new Uint8Array(shared ? new SharedArrayBuffer(size) : new ArrayBuffer(size)).fill(byte)
      })
      const plain = messages.map((bytes) => createHash('sha512').update(bytes).digest('hex'))
      const digests = await native.hash('sha512', messages)
      t.deepEqual(
        digests.map((digest) => digest.toString('hex')),
        plain,
      )
      for (const name of ['blake3', 'xxh3', 'crc32'] as const) {
        const all = await native.hash(name, messages)
        const at = Math.floor(messages.length / 2)
        if (messages.length > 0) t.deepEqual(all[at], await native.hash(name, messages[at] as Uint8Array), name)
      }
    }),
    { numRuns: 30 },
  )
})

test('more messages than are looked at together; a wrong one among them is named', async (t) => {
  const messages = Array.from({ length: 10_000 }, (_, i) => Buffer.from(`message ${i}`))
  for (const given of [messages, messages.map((message) => share(message))]) {
    for (const name of ['sha256', 'crc32'] as const) {
      const digests = await native.hash(name, given)
      t.is(digests.length, messages.length)
      for (const at of [0, 2047, 2048, 6000, 9999])
        t.deepEqual(digests[at], await native.hash(name, messages[at] as Buffer), `${name} of ${at}`)
    }
  }
  const wrong = [...messages.slice(0, 7000), 'text' as never, ...messages]
  await t.throwsAsync(native.hash('sha256', wrong), { code: 'ERR_OPTION', message: /message 7000 must be a Buffer/ })
  const gone = new Uint8Array(8)
  structuredClone(gone.buffer, { transfer: [gone.buffer] })
  await t.throwsAsync(native.hash('sha256', [...messages, gone]), {
    code: 'ERR_OPTION',
    message: /message 10000 was detached/,
  })
  t.deepEqual((await native.hash('sha256', messages)).length, 10_000)
})

function share(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}
