// Writes values that are proven plain data, and whose bytes therefore bring exactly what structured clone would.

import { types } from 'node:util'
import { PayloadTooLargeError } from '../errors.ts'
import {
  ARRAY,
  ARRAY_BUFFER,
  BIGINT,
  BIGINT64,
  DATE,
  DOUBLE,
  FALSE,
  HOLE,
  INT32,
  LOOSE_RECORD,
  NULL,
  RECORD,
  SMALL,
  TRUE,
  UNDEFINED,
  VIEW,
} from './format.ts'
import {
  arrayPrototype,
  bufferBytes,
  bufferOf,
  isExotic,
  isFixedMemory,
  objectPrototype,
  offsetOf,
  timeOf,
} from './primordials.ts'
import { SeenObjects } from './seen-objects.ts'
import type { ShapeTable } from './shapes.ts'
import { bytesUnder, viewKind } from './views.ts'
import type { ByteWriter } from './writer.ts'

// Deeper values go to V8, which recurses with less stack.
const DEEPEST_PLAIN = 100

const hasEnumerable = Object.prototype.propertyIsEnumerable

export class PlainWriter {
  readonly #out: ByteWriter
  readonly #shapes: ShapeTable
  readonly #seen = new SeenObjects()

  constructor(out: ByteWriter, shapes: ShapeTable) {
    this.#out = out
    this.#shapes = shapes
  }

  // False where the proof fails; what was written by then is to be taken back. A getter among the elements of an array may throw, as may a
  // stack that is nearly used up: it is not for this way to say why.
  write(value: unknown): boolean {
    try {
      return this.#put(value, 0)
    } catch (error) {
      if (error instanceof PayloadTooLargeError) throw error
      return false
    } finally {
      this.#seen.clear()
    }
  }

  #put(value: unknown, depth: number): boolean {
    const out = this.#out
    switch (typeof value) {
      case 'number':
        this.#putNumber(value)
        return true
      case 'string':
        out.string(value)
        return true
      case 'boolean':
        out.byte(value ? TRUE : FALSE)
        return true
      case 'undefined':
        out.byte(UNDEFINED)
        return true
      case 'bigint':
        this.#putBigInt(value)
        return true
      case 'object':
        if (value !== null) return this.#putObject(value, depth)
        out.byte(NULL)
        return true
      default:
        return false
    }
  }

  #putNumber(value: number): void {
    if (value === (value | 0) && (value !== 0 || 1 / value > 0)) {
      if (value >= 0 && value < SMALL) this.#out.byte(SMALL | value)
      else this.#out.int32(INT32, value)
    } else this.#out.double(DOUBLE, value)
  }

  #putBigInt(value: bigint): void {
    if (BigInt.asIntN(64, value) === value) return this.#out.bigint64(BIGINT64, value)
    this.#out.byte(BIGINT)
    this.#out.string(value.toString(16))
  }

  #putObject(value: object, depth: number): boolean {
    if (depth >= DEEPEST_PLAIN || types.isProxy(value) || this.#seen.before(value)) return false
    const prototype = Object.getPrototypeOf(value) as unknown
    if (prototype === objectPrototype || prototype === null) return this.#putRecord(value, prototype === null, depth)
    if (prototype === arrayPrototype) return Array.isArray(value) && this.#putArray(value, depth)
    if (types.isDate(value)) {
      this.#out.double(DATE, timeOf(value))
      return true
    }
    if (ArrayBuffer.isView(value)) return this.#putView(value)
    return types.isArrayBuffer(value) && this.#putArrayBuffer(value)
  }

  // Property by property through descriptors, so that no getter runs. Objects whose prototype was swapped for a plain one are caught
  // where they have no own keys, which is what Map, Set, Promise and their like look like; a namespace of a module has no prototype,
  // and `arguments` begins at '0'.
  #putRecord(value: object, bare: boolean, depth: number): boolean {
    const keys = Object.keys(value)
    if ((bare || keys.length === 0 || keys[0] === '0') && isExotic(value)) return false
    const out = this.#out
    const number = this.#shapes.numberOf(keys)
    out.byte(number >= 0 ? RECORD : LOOSE_RECORD)
    out.varint(number >= 0 ? number : keys.length)
    for (const key of keys) {
      const property = Object.getOwnPropertyDescriptor(value, key)
      if (property === undefined || property.get !== undefined || property.set !== undefined) return false
      if (number < 0) out.string(key)
      if (!this.#put(property.value, depth + 1)) return false
    }
    return true
  }

  #putArray(value: unknown[], depth: number): boolean {
    const { length } = value
    const keys = Object.keys(value)
    // Keys of indices come first. Named properties and mostly empty arrays are V8's business.
    if (keys.length > length || length > 2 * keys.length + 16 || !isIndex(keys.at(-1), length)) return false
    const holes = keys.length < length
    this.#out.byte(ARRAY)
    this.#out.varint(length)
    // Elements are read as structured clone reads them: finding out about getters would cost more than the whole array.
    for (let i = 0; i < length; i++) {
      if (holes && !hasEnumerable.call(value, i)) this.#out.byte(HOLE)
      else if (!this.#put(value[i], depth + 1)) return false
    }
    return true
  }

  #putView(view: ArrayBufferView): boolean {
    const buffer = bufferOf(view)
    const kind = viewKind(view)
    if (kind === undefined || !isFixedMemory(buffer) || this.#seen.before(buffer)) return false
    const bytes = bytesUnder(view, buffer, offsetOf(view))
    this.#out.byte(VIEW)
    this.#out.byte(kind)
    this.#out.varint(bytes.length)
    this.#out.bytes(bytes)
    return true
  }

  #putArrayBuffer(buffer: ArrayBuffer): boolean {
    if (!isFixedMemory(buffer)) return false
    this.#out.byte(ARRAY_BUFFER)
    this.#out.varint(bufferBytes(buffer))
    this.#out.bytes(new Uint8Array(buffer))
    return true
  }
}

function isIndex(key: string | undefined, length: number): boolean {
  if (key === undefined) return true
  const index = Number(key) >>> 0
  return index < length && String(index) === key
}
