// Bytes for cycles, shared references, Map, Set and their like: V8's serializer, with views on memory written in our own way.
//
// It writes what structured clone would, because structured clone is the same serializer; the two part at host objects, errors and shared
// memory, none of which a survey calls plain. Left to itself it would copy the whole memory under each view, and make a Uint8Array of a Buffer.

import { types } from 'node:util'
import { Deserializer, Serializer } from 'node:v8'
import { Cuts } from './cuts.ts'
import { bufferOf, bytesOf, offsetOf } from './primordials.ts'
import type { Region, Survey } from './survey.ts'
import { viewKind, viewOn } from './views.ts'

/** What node's serializers have beyond their published types. */
interface HostHooks {
  _setTreatArrayBufferViewsAsHostObjects(flag: boolean): void
}

class GraphWriter extends Serializer {
  readonly #cuts: Cuts

  constructor(regions: ReadonlyMap<ArrayBufferLike, Region>) {
    super()
    this.#cuts = new Cuts(regions)
    // oxlint-disable-next-line no-underscore-dangle -- node's name for it
    ;(this as unknown as HostHooks)._setTreatArrayBufferViewsAsHostObjects(true)
  }

  // V8 calls this once per view; writing the memory as a value lets it keep track of views that share it.
  _writeHostObject(view: ArrayBufferView): void {
    const kind = ArrayBuffer.isView(view) ? viewKind(view) : undefined
    if (kind === undefined) throw new TypeError('not a view')
    const { memory, from } = this.#cuts.of(bufferOf(view) as ArrayBuffer)
    this.writeUint32(kind)
    this.writeUint32(offsetOf(view) - from)
    this.writeUint32(bytesOf(view))
    this.writeValue(memory)
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
