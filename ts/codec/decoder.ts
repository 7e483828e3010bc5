// Reads items, each by itself, wherever they begin. Damaged bytes are an error, whatever is in them.

import { Reader, damaged } from './reader.ts'
import { readGraph } from './graph.ts'
import {
  ARRAY,
  ARRAY_BUFFER,
  BIGINT,
  BIGINT64,
  DATE,
  DOUBLE,
  FALSE,
  FREIGHT,
  GRAPH,
  HOLE,
  INT32,
  LATIN1,
  LOOSE_RECORD,
  MAP,
  NULL,
  PARCEL,
  RECORD,
  SET,
  SHARED,
  SMALL,
  TRUE,
  UNDEFINED,
  UTF16,
  VIEW,
} from './format.ts'
import { unwrapParcel } from './parcel.ts'
import { putEntry, putMember } from './primordials.ts'
import { setOwn, shapeOf } from './record-shape.ts'
import type { RecordShape } from './record-shape.ts'
import { BUFFER, viewOn } from './views.ts'

type Bag = Record<string, unknown>

export class Decoder {
  readonly #in = new Reader()
  readonly #shapes: RecordShape[] = []
  readonly #shared: ((number: number) => unknown) | undefined
  readonly #freight: ((number: number) => unknown) | undefined
  #parcels: readonly unknown[] | undefined

  /** `shared` gives what is shared by its number, `freight` the parcel of that number; what they throw is what reading an item throws. */
  constructor(shared?: (number: number) => unknown, freight?: (number: number) => unknown) {
    this.#shared = shared
    this.#freight = freight
  }

  /** Learns what an encoder's `takeDefinitions` gave, in the same order. */
  define(bytes: Uint8Array): void {
    const input = this.#in
    input.open(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength), 0, bytes.byteLength)
    while (input.left > 0) {
      const keys: string[] = []
      for (let count = input.count(); count > 0; count--) keys.push(this.#string())
      this.#shapes.push(shapeOf(keys))
    }
  }

  /** The one item in the bytes from `start` to `end`. */
  item(buffer: Buffer, start: number, end: number, parcels: readonly unknown[] | undefined): unknown {
    this.#in.open(buffer, start, end)
    this.#parcels = parcels
    try {
      const value = this.#value()
      if (this.#in.left !== 0) throw damaged('bytes after the end of the item')
      return value
    } finally {
      this.#parcels = undefined
      this.#in.close()
    }
  }

  #value(): unknown {
    const input = this.#in
    const tag = input.byte()
    if (tag >= SMALL) return tag & 0x7f
    switch (tag) {
      case UNDEFINED:
        return undefined
      case NULL:
        return null
      case FALSE:
        return false
      case TRUE:
        return true
      case INT32:
        return input.int32()
      case DOUBLE:
        return input.double()
      case LATIN1:
        return input.latin1(input.count())
      case UTF16:
        return input.utf16(input.count())
      case BIGINT64:
        return input.bigint64()
      case BIGINT:
        return this.#bigint()
      case DATE:
        return new Date(input.double())
      case ARRAY:
        return this.#array(input.count())
      case RECORD:
        return this.#record(this.#shapes[input.varint()])
      case LOOSE_RECORD:
        return this.#looseRecord(input.count())
      case VIEW:
        return this.#view(input.byte())
      case ARRAY_BUFFER:
        return input.memory(input.count())
      case MAP:
        return this.#map(input.count())
      case SET:
        return this.#set(input.count())
      case GRAPH:
        return readGraph(input.rest())
      case SHARED:
        return this.#sharedAt(input.varint())
      case PARCEL:
        return this.#parcel(input.varint())
      case FREIGHT:
        return this.#freightOf(input.varint())
      default:
        throw damaged(`tag ${tag}`)
    }
  }

  #string(): string {
    const value = this.#value()
    if (typeof value !== 'string') throw damaged('a key that is no string')
    return value
  }

  #bigint(): bigint {
    const digits = this.#string()
    return digits.startsWith('-') ? -BigInt(`0x${digits.slice(1)}`) : BigInt(`0x${digits}`)
  }

  // Grown by `push`, so that an array without holes is one for V8, too.
  #array(length: number): unknown[] {
    const array: unknown[] = []
    for (let i = 0; i < length; i++) {
      if (this.#in.peek() === HOLE) {
        this.#in.byte()
        array.length = i + 1
      } else array.push(this.#value())
    }
    return array
  }

  readonly #next = (): unknown => this.#value()

  #record(shape: RecordShape | undefined): Bag {
    if (shape === undefined) throw damaged('a shape that was not defined')
    return shape.build(this.#next)
  }

  #looseRecord(count: number): Bag {
    const record: Bag = {}
    for (let i = 0; i < count; i++) {
      const key = this.#string()
      if (key in Object.prototype) setOwn(record, key, this.#value())
      else record[key] = this.#value()
    }
    return record
  }

  #map(count: number): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>()
    for (let i = 0; i < count; i++) putEntry(map, this.#value(), this.#value())
    return map
  }

  #set(count: number): Set<unknown> {
    const set = new Set<unknown>()
    for (let i = 0; i < count; i++) putMember(set, this.#value())
    return set
  }

  #view(kind: number): ArrayBufferView {
    if (kind === BUFFER) return this.#in.bytes(this.#in.count())
    const memory = this.#in.memory(this.#in.count())
    return viewOn(kind, memory, 0, memory.byteLength)
  }

  #sharedAt(number: number): unknown {
    if (this.#shared === undefined) throw damaged('a shared object where none can be')
    return this.#shared(number)
  }

  #freightOf(number: number): unknown {
    if (this.#freight === undefined) throw damaged('freight where none can be')
    return unwrapParcel(this.#freight(number), this.#shared)
  }

  #parcel(index: number): unknown {
    const parcels = this.#parcels
    if (parcels === undefined || index >= parcels.length) throw damaged(`parcel ${index} is missing`)
    return unwrapParcel(parcels[index], this.#shared)
  }
}
