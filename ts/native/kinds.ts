/** The kinds of typed arrays that native functions take, and what stands under one. */
import { types } from 'node:util'

import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import type { TypedArray } from '../types.ts'

/** By name, the number that the addon knows a kind by. Clamped bytes are bytes: clamping happens where JavaScript writes. */
const kinds: ReadonlyMap<string, number> = new Map([
  ['Int8Array', 0],
  ['Uint8Array', 1],
  ['Uint8ClampedArray', 1],
  ['Int16Array', 2],
  ['Uint16Array', 3],
  ['Int32Array', 4],
  ['Uint32Array', 5],
  ['Float32Array', 6],
  ['Float64Array', 7],
  ['BigInt64Array', 8],
  ['BigUint64Array', 9],
])

const typedArray = Object.getPrototypeOf(Int8Array.prototype) as object
const keysOf = (typedArray as { keys: (this: unknown) => unknown }).keys
const getterOf = <T>(name: string | symbol): ((array: TypedArray) => T) => {
  const { get } = Object.getOwnPropertyDescriptor(typedArray, name) as { get: (this: unknown) => T }
  return (array) => get.call(array)
}

/** The engine's own properties, which subclasses and own properties cannot hide. */
export const kindName: (array: TypedArray) => string = getterOf(Symbol.toStringTag)
export const lengthOf: (array: TypedArray) => number = getterOf('length')
export const offsetOf: (array: TypedArray) => number = getterOf('byteOffset')
export const byteLengthOf: (array: TypedArray) => number = getterOf('byteLength')
export const memoryOf: (array: TypedArray) => ArrayBufferLike = getterOf('buffer')

/** A typed array as native functions see it. */
export interface Numbers {
  readonly array: TypedArray
  readonly kind: number
  readonly size: number
  readonly length: number
  readonly shared: boolean
}

/** @throws OptionError for what is no typed array of the eleven kinds, or is detached */
export function numbersOf(verb: string, array: unknown): Numbers {
  const kind = types.isTypedArray(array) ? kinds.get(kindName(array as TypedArray)) : undefined
  if (kind === undefined) {
    const given = types.isTypedArray(array) ? `a ${kindName(array as TypedArray)}` : describe(array)
    throw new OptionError(
      `${verb}: the first argument must be a typed array of any kind but Float16Array, got ${given}`,
    )
  }
  const given = array as TypedArray
  const memory = memoryOf(given)
  const shared = types.isSharedArrayBuffer(memory)
  const length = lengthOf(given)
  if (length === 0 && isGone(given)) throw gone(verb)
  return { array: given, kind, size: given.BYTES_PER_ELEMENT, length, shared }
}

/** The bytes of the elements from `first` on. Throws when the memory has gone or shrunk since the call. */
export function bytesOf(verb: string, { array, size, length }: Numbers, first: number, count: number): Uint8Array {
  if (lengthOf(array) < length) throw gone(verb)
  return new Uint8Array(memoryOf(array), offsetOf(array) + first * size, count * size)
}

type Maker = new (memory: number | SharedArrayBuffer) => TypedArray

/** A new array of the kind, on memory of the same sort. */
export function alike({ array, length, size, shared }: Numbers): TypedArray {
  const Kind = (globalThis as unknown as Record<string, Maker>)[kindName(array)] as Maker
  return new Kind(shared ? new SharedArrayBuffer(length * size) : length)
}

/** Detached, or resized so that the view stands past its end: such a view has length and offset 0, and only the engine's own methods tell. */
export function isGone(array: TypedArray): boolean {
  try {
    keysOf.call(array)
    return false
  } catch {
    return true
  }
}

export function gone(verb: string): OptionError {
  return new OptionError(`${verb}: the array must keep its memory, but it was detached, moved or made smaller`)
}
