// Bytes for cycles, shared references, Map, Set and their like: V8's serializer, with views on memory written in our own way.
//
// It writes what structured clone would, because structured clone is the same serializer; the two part at host objects, errors and shared
// memory, none of which a survey calls plain. Left to itself it would copy the whole memory under each view, and make a Uint8Array of a Buffer.

import { types } from 'node:util'
import { Deserializer, Serializer } from 'node:v8'
import { bufferBytes, bufferOf, bytesOf, offsetOf } from './primordials.ts'
import type { Region, Survey } from './survey.ts'
import { viewKind, viewOn } from './views.ts'

/** What node's serializers have beyond their published types. */
interface HostHooks {
  _setTreatArrayBufferViewsAsHostObjects(flag: boolean): void
}

// The memory that travels in place of a buffer, and where it begins in it.
interface Cut {
  memory: ArrayBuffer
  from: number
}

class GraphWriter extends Serializer {
  readonly #regions: ReadonlyMap<ArrayBufferLike, Region>
  readonly #cuts = new Map<ArrayBufferLike, Cut>()

  constructor(regions: ReadonlyMap<ArrayBufferLike, Region>) {
    super()
    this.#regions = regions
    // oxlint-disable-next-line no-underscore-dangle -- node's name for it
    ;(this as unknown as HostHooks)._setTreatArrayBufferViewsAsHostObjects(true)
  }

  // V8 calls this once per view; writing the memory as a value lets it keep track of views that share it.
  _writeHostObject(view: ArrayBufferView): void {
    const kind = ArrayBuffer.isView(view) ? viewKind(view) : undefined
    if (kind === undefined) throw new TypeError('not a view')
    const { memory, from } = this.#cut(bufferOf(view) as ArrayBuffer)
    this.writeUint32(kind)
    this.writeUint32(offsetOf(view) - from)
    this.writeUint32(bytesOf(view))
    this.writeValue(memory)
  }

  #cut(buffer: ArrayBuffer): Cut {
    const known = this.#cuts.get(buffer)
    if (known) return known
    const { from: first, to, step } = this.#regions.get(buffer)!
    const from = first - (first % step)
    const memory =
      from === 0 && to === bufferBytes(buffer) ? buffer : ArrayBuffer.prototype.slice.call(buffer, from, to)
    const cut = { memory, from }
    this.#cuts.set(buffer, cut)
    return cut
  }
}

class GraphReader extends Deserializer {
  _readHostObject(): ArrayBufferView {
    const kind = this.readUint32()
    const offset = this.readUint32()
    const bytes = this.readUint32()
    const memory: unknown = this.readValue()
    if (!types.isArrayBuffer(memory)) throw new TypeError('a view without memory')
    return viewOn(kind, memory, offset, bytes)
  }
}

// Throws where V8 meets what the survey could not know; the value is then no graph.
export function writeGraph(value: unknown, { regions }: Survey): Uint8Array {
  const writer = new GraphWriter(regions)
  writer.writeHeader()
  writer.writeValue(value)
  return writer.releaseBuffer()
}

export function readGraph(bytes: Uint8Array): unknown {
  const reader = new GraphReader(bytes)
  reader.readHeader()
  return reader.readValue()
}
