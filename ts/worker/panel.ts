/** This worker's panel: the shared words and bytes in which it says what it has started and finished. */
import { map } from '../pool/memory.ts'

/** An item's state byte. */
export const STARTED = 1
export const COMMITTED = 2

export class Panel {
  readonly words: Int32Array
  readonly states: Uint8Array
  readonly asks: Uint8Array
  readonly outbox: Buffer
  readonly outboxWords: Int32Array
  readonly outboxFloats: Float32Array
  /** Of rows. */
  readonly outboxCells: Float64Array
  readonly outboxBits: BigUint64Array

  constructor(memory: SharedArrayBuffer) {
    const bytes = map.ask - map.state
    this.words = new Int32Array(memory)
    this.states = new Uint8Array(memory, map.state, bytes)
    this.asks = new Uint8Array(memory, map.ask, bytes)
    this.outbox = Buffer.from(memory, map.outbox, map.outboxBytes)
    this.outboxWords = new Int32Array(memory, map.outbox, map.outboxBytes / 4)
    this.outboxFloats = new Float32Array(memory, map.outbox, map.outboxBytes / 4)
    this.outboxCells = new Float64Array(memory, map.outbox, map.outboxBytes / 8)
    this.outboxBits = new BigUint64Array(memory, map.outbox, map.outboxBytes / 8)
  }

  /** Word index of a frame's `started`; its `limit` is `limitOf`. */
  startedOf(frame: number): number {
    return (map.started + frame * map.frameStride) / 4
  }

  limitOf(frame: number): number {
    return (map.limit + frame * map.frameStride) / 4
  }

  /** Index of the state and ask bytes of a frame's first item. */
  bytesOf(frame: number): number {
    if (frame === 0) return 0
    const beyond = frame - map.largeFrames
    const large = beyond <= 0 ? frame - 1 : map.largeFrames - 1
    return map.elementsMax + large * map.claimMax + Math.max(0, beyond) * map.smallClaimMax
  }
}

export const WRITTEN: number = map.written / 4
/** Bytes of the table that stands open behind what is written. */
export const OPEN_TABLE: number = map.openTable / 4
