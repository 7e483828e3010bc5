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
  MAP,
  NULL,
  RECORD,
  SET,
  SHARED,
  SMALL,
  TRUE,
  UNDEFINED,
  VIEW,
} from './format.ts'
import {
  arrayPrototype,
  bufferBytes,
  bufferOf,
  forEachEntry,
  forEachMember,
  isExotic,
  isFixedMemory,
  mapPrototype,
  objectPrototype,
  offsetOf,
  setPrototype,
  timeOf,
} from './primordials.ts'
import { sharing } from '../share/registry.ts'
import type { ShareNumbers } from '../share/registry.ts'
import { SeenObjects } from './seen-objects.ts'
import type { ShapeTable } from './shapes.ts'
import { HEAVY } from './freight.ts'
import { bytesUnder, viewKind } from './views.ts'
import type { ByteWriter } from './writer.ts'

// Deeper values go to V8, which recurses with less stack.
const DEEPEST_PLAIN = 100

const hasEnumerable = Object.prototype.propertyIsEnumerable
const hasOwn = Object.prototype.hasOwnProperty

/** Whether somebody gave `Object.prototype` enumerable properties, which a `for in` would then meet on every object. Looked up for each item. */
let inheritance = false

function objectsInherit(): boolean {
  for (const _ in objectPrototype) return true
  return false
}

export class PlainWriter {
  readonly #out: ByteWriter
  readonly #shapes: ShapeTable
  readonly #shares: ShareNumbers | undefined
  /** Memory of more bytes is not for this way. */
  readonly #most: number
  readonly #seen = new SeenObjects()
  /** Values of the records and collections that are being written, the innermost last: all are read before the first is written, because the shape comes first. */
  readonly #values: unknown[] = []
  #top = 0

  constructor(out: ByteWriter, shapes: ShapeTable, shares: ShareNumbers | undefined, mayBeFreight: boolean) {
    this.#shares = shares
    this.#most = mayBeFreight ? HEAVY - 1 : Infinity
    this.#out = out
    this.#shapes = shapes
  }

  // False where the proof fails; what was written by then is to be taken back. A getter may throw, as may a stack that is nearly used up: it is
  // not for this way to say why.
  write(value: unknown): boolean {
    // Nothing of the user's runs for these.
    if (typeof value === 'number') {
      this.#putNumber(value)
      return true
    }
    try {
      inheritance = objectsInherit()
      return this.#put(value, 0)
    } catch (error) {
      if (error instanceof PayloadTooLargeError) throw error
      return false
    } finally {
      this.#seen.clear()
      // What a throw left behind.
      if (this.#top > 0) this.#values.length = this.#top = 0
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
    if (sharing.any && this.#putShared(value)) return true
    if (depth >= DEEPEST_PLAIN || types.isProxy(value) || this.#seen.before(value)) return false
    const prototype = Object.getPrototypeOf(value) as unknown
    if (prototype === objectPrototype || prototype === null) return this.#putRecord(value, prototype === null, depth)
    if (prototype === arrayPrototype) return Array.isArray(value) && this.#putArray(value, depth)
    if (prototype === mapPrototype && types.isMap(value)) return this.#putMap(value, depth)
    if (prototype === setPrototype && types.isSet(value)) return this.#putSet(value, depth)
    if (types.isDate(value)) {
      this.#out.double(DATE, timeOf(value))
      return true
    }
    if (ArrayBuffer.isView(value)) return this.#putView(value)
    return types.isArrayBuffer(value) && this.#putArrayBuffer(value)
  }

  #putShared(value: object): boolean {
    const number = this.#shares?.numberOf(value) ?? 0
    if (number === 0) return false
    this.#out.byte(SHARED)
    this.#out.varint(number)
    return true
  }

  // Objects whose prototype was swapped for a plain one are caught where they have no own keys, which is what Map, Set, Promise and
  // their like look like; a namespace of a module has no prototype, and `arguments` begins at '0'.
  #putRecord(value: object, bare: boolean, depth: number): boolean {
    const base = this.#top
    const keys = this.#read(value as Record<string, unknown>)
    const count = this.#top - base
    if ((bare || count === 0 || keys[0] === '0') && isExotic(value)) return false
    const out = this.#out
    const number = this.#shapes.numberOf(keys)
    out.byte(number >= 0 ? RECORD : LOOSE_RECORD)
    out.varint(number >= 0 ? number : count)
    const values = this.#values
    for (let i = 0; i < count; i++) {
      if (number < 0) out.string(keys[i] as string)
      if (!this.#put(values[base + i], depth + 1)) return false
      values[base + i] = undefined
    }
    this.#top = base
    return true
  }

  // Puts the values of the own enumerable properties on the stack and says their keys. A `for in` with the reads inside it costs 5 ns a property;
  // a list of keys and a descriptor for each cost 60. So a getter runs here, as it does in structured clone.
  #read(value: Record<string, unknown>): readonly string[] {
    const guess = this.#shapes.guess()
    const values = this.#values
    const top = this.#top
    let keys: string[] | undefined
    let count = 0
    for (const key in value) {
      if (inheritance && !hasOwn.call(value, key)) continue
      if (keys !== undefined) keys.push(key)
      else if (guess[count] !== key) keys = [...guess.slice(0, count), key]
      values[top + count++] = value[key]
    }
    this.#top = top + count
    return keys ?? (count === guess.length ? guess : guess.slice(0, count))
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

  // What is in it is looked up before any of it is written, as structured clone does: a getter further down could change it.
  #putMap(map: Map<unknown, unknown>, depth: number): boolean {
    const base = this.#top
    forEachEntry(map, this.#pushEntry)
    this.#out.byte(MAP)
    this.#out.varint((this.#top - base) / 2)
    return this.#putPushed(base, depth)
  }

  #putSet(set: Set<unknown>, depth: number): boolean {
    const base = this.#top
    forEachMember(set, this.#pushMember)
    this.#out.byte(SET)
    this.#out.varint(this.#top - base)
    return this.#putPushed(base, depth)
  }

  readonly #pushEntry = (value: unknown, key: unknown): void => {
    this.#values[this.#top++] = key
    this.#values[this.#top++] = value
  }

  readonly #pushMember = (member: unknown): void => {
    this.#values[this.#top++] = member
  }

  #putPushed(base: number, depth: number): boolean {
    const values = this.#values
    const end = this.#top
    for (let i = base; i < end; i++) {
      if (!this.#put(values[i], depth + 1)) return false
      values[i] = undefined
    }
    this.#top = base
    return true
  }

  #putView(view: ArrayBufferView): boolean {
    const buffer = bufferOf(view)
    const kind = viewKind(view)
    if (kind === undefined || !isFixedMemory(buffer) || this.#seen.before(buffer)) return false
    const bytes = bytesUnder(view, buffer, offsetOf(view))
    if (bytes.length > this.#most) return false
    this.#out.byte(VIEW)
    this.#out.byte(kind)
    this.#out.varint(bytes.length)
    this.#out.bytes(bytes)
    return true
  }

  #putArrayBuffer(buffer: ArrayBuffer): boolean {
    if (!isFixedMemory(buffer) || bufferBytes(buffer) > this.#most) return false
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
