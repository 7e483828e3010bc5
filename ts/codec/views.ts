// The kinds of views on memory, by a number that both sides agree on, and how to lay one of them over bytes.

import { bufferPrototype, bytesOf, kindNameOf } from './primordials.ts'

type ViewMaker = new (buffer: ArrayBuffer, byteOffset: number, length: number) => ArrayBufferView<ArrayBuffer>

export const BUFFER = 0
const DATA_VIEW = 1

// The place in this list is the number in the bytes; what this Node lacks keeps its place.
const names = [
  'Buffer',
  'DataView',
  'Int8Array',
  'Uint8Array',
  'Uint8ClampedArray',
  'Int16Array',
  'Uint16Array',
  'Int32Array',
  'Uint32Array',
  'Float32Array',
  'Float64Array',
  'BigInt64Array',
  'BigUint64Array',
  'Float16Array',
]
const numbers = new Map(names.map((name, number) => [name, number]))

const makers = names.map((name) => (globalThis as unknown as Record<string, ViewMaker | undefined>)[name])
const sizes = names.map((name, number) => {
  const maker = makers[number] as { BYTES_PER_ELEMENT?: number } | undefined
  return name === 'Buffer' ? 1 : (maker?.BYTES_PER_ELEMENT ?? 1)
})

// The number of a view's kind; undefined for a kind this version does not know.
export function viewKind(view: ArrayBufferView): number | undefined {
  const name = kindNameOf(view)
  if (name === undefined) return DATA_VIEW
  return name === 'Uint8Array' && Object.getPrototypeOf(view) === bufferPrototype ? BUFFER : numbers.get(name)
}

export function isBuffer(value: unknown): value is Buffer {
  return ArrayBuffer.isView(value) && Object.getPrototypeOf(value) === bufferPrototype
}

// Bytes an element of a kind takes; a view's offset is a multiple of it.
export function elementBytes(kind: number): number {
  return sizes[kind]!
}

// Lays a view of a kind over `bytes` bytes of a buffer. Throws where damaged bytes ask for what cannot be.
export function viewOn(kind: number, buffer: ArrayBuffer, offset: number, bytes: number): ArrayBufferView<ArrayBuffer> {
  if (kind === BUFFER) return Buffer.from(buffer, offset, bytes)
  const Maker = makers[kind]
  if (Maker === undefined) throw new RangeError(`unknown kind of view: ${kind}`)
  return new Maker(buffer, offset, bytes / sizes[kind]!)
}

// The bytes under a view, without a copy.
export function bytesUnder(view: ArrayBufferView, buffer: ArrayBuffer, offset: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(buffer, offset, bytesOf(view))
}
