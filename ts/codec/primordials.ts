// What the codec asks of values, taken from the built-ins before user code could patch them; no question here runs code of the value's.

import { types } from 'node:util'

export const clone: (value: unknown) => unknown = structuredClone

const move: typeof structuredClone = structuredClone

/** A clone that has taken the memory over. */
export const transferred = <T>(value: T, memory: readonly ArrayBuffer[]): T => move(value, { transfer: [...memory] })

export const objectPrototype: object = Object.prototype
export const arrayPrototype: object = Array.prototype
export const mapPrototype: object = Map.prototype
export const setPrototype: object = Set.prototype
export const bufferPrototype: object = Buffer.prototype

const typedArray = Object.getPrototypeOf(Uint8Array.prototype) as object

// An accessor of a prototype as a function of its receiver.
function getter<T>(prototype: object, key: PropertyKey): (of: object) => T {
  const { get } = Object.getOwnPropertyDescriptor(prototype, key)!
  return (of) => Reflect.apply(get!, of, []) as T
}

const typedBuffer = getter<ArrayBufferLike>(typedArray, 'buffer')
const typedOffset = getter<number>(typedArray, 'byteOffset')
const typedBytes = getter<number>(typedArray, 'byteLength')
const typedKind = getter<string | undefined>(typedArray, Symbol.toStringTag)
const dataBuffer = getter<ArrayBufferLike>(DataView.prototype, 'buffer')
const dataOffset = getter<number>(DataView.prototype, 'byteOffset')
const dataBytes = getter<number>(DataView.prototype, 'byteLength')
const resizable = getter<boolean>(ArrayBuffer.prototype, 'resizable')
export const bufferBytes: (buffer: ArrayBuffer) => number = getter<number>(ArrayBuffer.prototype, 'byteLength')
const sharedBytes = getter<number>(SharedArrayBuffer.prototype, 'byteLength')
/** Of memory of either sort. */
export const memoryBytes = (memory: ArrayBufferLike): number =>
  types.isSharedArrayBuffer(memory) ? sharedBytes(memory) : bufferBytes(memory)

export const bufferOf = (view: ArrayBufferView): ArrayBufferLike =>
  types.isDataView(view) ? dataBuffer(view) : typedBuffer(view)
export const offsetOf = (view: ArrayBufferView): number =>
  types.isDataView(view) ? dataOffset(view) : typedOffset(view)
export const bytesOf = (view: ArrayBufferView): number => (types.isDataView(view) ? dataBytes(view) : typedBytes(view))
/** `Uint8Array`, …, or undefined for a DataView. */
export const kindNameOf = (view: ArrayBufferView): string | undefined => typedKind(view)

const { getTime } = Date.prototype
export const timeOf = (date: Date): number => Reflect.apply(getTime, date, [])

const mapForEach = Map.prototype.forEach
const setForEach = Set.prototype.forEach
const mapSet = Map.prototype.set
const setAdd = Set.prototype.add

export function forEachEntry(map: Map<unknown, unknown>, take: (value: unknown, key: unknown) => void): void {
  Reflect.apply(mapForEach, map, [take])
}
export function forEachMember(set: Set<unknown>, take: (member: unknown) => void): void {
  Reflect.apply(setForEach, set, [take])
}
export function putEntry(map: Map<unknown, unknown>, key: unknown, value: unknown): void {
  Reflect.apply(mapSet, map, [key, value])
}
export function putMember(set: Set<unknown>, member: unknown): void {
  Reflect.apply(setAdd, set, [member])
}
export function mapEntries(map: Map<unknown, unknown>): [unknown, unknown][] {
  const entries: [unknown, unknown][] = []
  forEachEntry(map, (value, key) => entries.push([key, value]))
  return entries
}
export function setValues(set: Set<unknown>): unknown[] {
  const values: unknown[] = []
  forEachMember(set, (value) => values.push(value))
  return values
}

// Memory whose bytes may be copied as they stand: not shared, not resizable, not detached.
export function isFixedMemory(buffer: ArrayBufferLike): buffer is ArrayBuffer {
  return types.isArrayBuffer(buffer) && !resizable(buffer) && !isDetached(buffer)
}

// Node 20 has no `detached`; only an empty buffer can be, and only a detached one refuses a view.
function isDetached(buffer: ArrayBuffer): boolean {
  if (bufferBytes(buffer) !== 0) return false
  try {
    return new Uint8Array(buffer).length !== 0
  } catch {
    return true
  }
}

// Whether an object with a plain prototype has more to it than its properties (its prototype was swapped, or it has none).
export function isExotic(value: object): boolean {
  return (
    types.isDate(value) ||
    types.isRegExp(value) ||
    types.isMap(value) ||
    types.isSet(value) ||
    types.isNativeError(value) ||
    types.isBoxedPrimitive(value) ||
    types.isAnyArrayBuffer(value) ||
    ArrayBuffer.isView(value) ||
    types.isPromise(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isModuleNamespaceObject(value) ||
    types.isGeneratorObject(value) ||
    types.isMapIterator(value) ||
    types.isSetIterator(value) ||
    types.isExternal(value) ||
    types.isArgumentsObject(value) ||
    Array.isArray(value)
  )
}
