// Appends values to one growing buffer: as tagged bytes where they are proven plain data, else as a V8 graph, else as parcels beside it.

import { types } from 'node:util'
import { PayloadTooLargeError } from '../errors.ts'
import {
  ARRAY, ARRAY_BUFFER, BIGINT, BIGINT64, DATE, DOUBLE, FALSE, GRAPH, HOLE, INT32, LARGEST, LOOSE_RECORD, NULL, PARCEL, RECORD, SMALL, TRUE,
  UNDEFINED, VIEW,
} from './format.ts'
import { writeGraph } from './graph.ts'
import { wrapParcel } from './parcel.ts'
import {
  arrayPrototype, bufferBytes, bufferOf, isExotic, isFixedMemory, objectPrototype, offsetOf, timeOf,
} from './primordials.ts'
import { SeenObjects } from './seen-objects.ts'
import { ShapeTable } from './shapes.ts'
import { survey } from './survey.ts'
import { snapshot, tooDeep } from './uncloneable.ts'
import type { Root } from './uncloneable.ts'
import { bytesUnder, viewKind } from './views.ts'
import { ByteWriter, tooLarge } from './writer.ts'

// Deeper values go to V8, which recurses with less stack.
const DEEPEST_PLAIN = 100

const hasEnumerable = Object.prototype.propertyIsEnumerable

/** Used by a caller for each segment, and by a worker for each claim. */
export class Encoder {
  readonly #out: ByteWriter
  readonly #shapes = new ShapeTable()
  readonly #seen = new SeenObjects()
  #parcels: unknown[] = []
  #busy = false

  constructor(initialBytes = 4096) {
    this.#out = new ByteWriter(initialBytes)
  }

  /** Holds the items in its first `length` bytes; replaced as it grows, written over after `reset` and `rewind`. */
  get buffer(): Buffer {
    return this.#out.buffer
  }

  get length(): number {
    return this.#out.length
  }

  /** Ready to be posted as they are, by the index in the tags; a decoder unwraps them. */
  get parcels(): readonly unknown[] {
    return this.#parcels
  }

  /** The parcels so far; the next one has index 0 again. */
  takeParcels(): unknown[] {
    const taken = this.#parcels
    this.#parcels = []
    return taken
  }

  /** Shapes defined since they were last taken: a decoder must know them before the items that were written in between. */
  takeDefinitions(): Uint8Array | null {
    return this.#shapes.take()
  }

  /** Forgets bytes, definitions and parcels. */
  reset(): void {
    this.#out.clear()
    this.#shapes.clear()
    this.#parcels = []
  }

  /** Forgets the bytes only. */
  rewind(): void {
    this.#out.clear()
  }

  /**
   * Appends exactly one item; where it throws, nothing was appended.
   *
   * @throws NotCloneableError with the path from `root`; PayloadTooLargeError.
   */
  item(value: unknown, root: Root = 'item'): void {
    // The getter of an item could start a job of its own in the middle of this one.
    if (this.#busy) throw new Error('a getter of an item must not start another job')
    this.#busy = true
    const start = this.#out.length
    try {
      if (!this.#putPlain(value)) {
        this.#out.length = start
        this.#putOther(value, root)
      }
      if (this.#out.length - start > LARGEST) throw tooLarge()
    } catch (error) {
      this.#out.length = start
      throw error
    } finally {
      this.#busy = false
      this.#seen.clear()
    }
  }

  // A getter among the elements of an array may throw, as may a stack that is nearly used up: then it is not for this way to say why.
  #putPlain(value: unknown): boolean {
    try {
      return this.#put(value, 0)
    } catch (error) {
      if (error instanceof PayloadTooLargeError) throw error
      return false
    }
  }

  // Writes proven plain data. False where the proof fails; what was written by then is to be taken back.
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
  // where they have no own keys, which is what Map, Set, Promise and their like look like; a namespace of a module has no prototype.
  #putRecord(value: object, bare: boolean, depth: number): boolean {
    const keys = Object.keys(value)
    if ((bare || keys.length === 0) && isExotic(value)) return false
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

  // What is not proven plain data item by item: as a graph if a survey says so, else as a parcel.
  #putOther(value: unknown, root: Root): void {
    const found = survey(value)
    if (found.tooDeep) throw tooDeep(root)
    if (found.bytes > LARGEST) throw tooLarge()
    if (found.plain && this.#putGraph(value, found)) return
    this.#parcels.push(snapshot(value, wrapParcel(value, found.buffers), root))
    this.#out.byte(PARCEL)
    this.#out.varint(this.#parcels.length - 1)
  }

  #putGraph(value: unknown, found: ReturnType<typeof survey>): boolean {
    let bytes: Uint8Array
    try {
      bytes = writeGraph(value, found)
    } catch {
      return false
    }
    this.#out.byte(GRAPH)
    this.#out.bytes(bytes)
    return true
  }
}

function isIndex(key: string | undefined, length: number): boolean {
  if (key === undefined) return true
  const index = Number(key) >>> 0
  return index < length && String(index) === key
}
