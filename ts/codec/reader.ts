// Reads the few things that the format knows from a span of bytes, never past its end.

import { LONGEST, shortText } from './short-text.ts'
import { FRACTIONAL_ZERO } from '../hidden-class.ts'

/** What bytes that no encoder wrote end in. */
export function damaged(what: string): Error {
  return new Error(`damaged data: ${what}`)
}

const NOTHING: Buffer = Buffer.alloc(0)

export class Reader {
  #buffer = NOTHING
  #view: DataView = new DataView(NOTHING.buffer)
  // Places that unsigned words tell are doubles to V8.
  #at = FRACTIONAL_ZERO
  #end = FRACTIONAL_ZERO

  open(buffer: Buffer, start: number, end: number): void {
    if (!(start >= 0 && start <= end && end <= buffer.length)) throw damaged('an item outside of its bytes')
    if (buffer !== this.#buffer) {
      this.#buffer = buffer
      this.#view = new DataView(buffer.buffer, buffer.byteOffset, buffer.byteLength)
    }
    this.#at = start
    this.#end = end
  }

  // Leaves nothing to read; the bytes stay at hand, because the next item is most likely in them.
  close(): void {
    this.#at = this.#end = 0
  }

  get left(): number {
    return this.#end - this.#at
  }

  // Steps over so many bytes and says where they begin.
  #skip(bytes: number): number {
    const at = this.#at
    if (bytes > this.#end - at) throw damaged('an item that is cut off')
    this.#at = at + bytes
    return at
  }

  peek(): number {
    return this.#at < this.#end ? this.#buffer[this.#at]! : -1
  }

  byte(): number {
    return this.#buffer[this.#skip(1)]!
  }

  varint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      const byte = this.byte()
      value += (byte & 0x7f) * 2 ** shift
      if (byte < 0x80) return value
    }
    throw damaged('a number without end')
  }

  // A varint that counts things of at least one byte each, all still to come.
  count(): number {
    const count = this.varint()
    if (count > this.left) throw damaged('more of something than there are bytes')
    return count
  }

  int32(): number {
    return this.#view.getInt32(this.#skip(4), true)
  }

  double(): number {
    return this.#view.getFloat64(this.#skip(8), true)
  }

  bigint64(): bigint {
    return this.#view.getBigInt64(this.#skip(8), true)
  }

  latin1(length: number): string {
    const at = this.#skip(length)
    if (length > LONGEST) return this.#buffer.toString('latin1', at, at + length)
    return shortText(this.#buffer, at, length)
  }

  utf16(units: number): string {
    const at = this.#skip(units * 2)
    return this.#buffer.toString('utf16le', at, at + units * 2)
  }

  // The bytes as memory of their own.
  memory(bytes: number): ArrayBuffer {
    const at = this.#skip(bytes)
    const memory = new ArrayBuffer(bytes)
    new Uint8Array(memory).set(this.#buffer.subarray(at, at + bytes))
    return memory
  }

  // The same as a Buffer, which has its own memory, too, and none of a pool's.
  bytes(length: number): Buffer {
    const at = this.#skip(length)
    const bytes = Buffer.allocUnsafeSlow(length)
    this.#buffer.copy(bytes, 0, at, at + length)
    return bytes
  }

  // A copy of all that is left: the bytes may stand on shared memory, which another thread writes.
  rest(): Uint8Array {
    const at = this.#skip(this.left)
    return new Uint8Array(this.#buffer.subarray(at, this.#end))
  }
}
