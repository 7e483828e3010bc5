// A growing buffer with the few ways of writing that the format knows.

import { LARGEST, LATIN1, UTF16, WIDE } from './format.ts'
import { tooLarge } from './sizes.ts'

// Below this a loop over the units beats two calls into Node.
const SHORT = 24
// A larger buffer is let go at the next `clear`.
const KEPT = 4 * 2 ** 20

export class ByteWriter {
  buffer: Buffer
  length = 0
  readonly #initial: number
  #view: DataView

  constructor(initialBytes: number) {
    this.#initial = initialBytes
    this.buffer = Buffer.allocUnsafeSlow(initialBytes)
    this.#view = new DataView(this.buffer.buffer)
  }

  clear(): void {
    this.length = 0
    if (this.buffer.length > KEPT && this.buffer.length > this.#initial)
      this.#replace(Buffer.allocUnsafeSlow(this.#initial))
  }

  // Makes room for so many more bytes, and says where they begin.
  #claim(bytes: number): number {
    const at = this.length
    const end = at + bytes
    if (end > this.buffer.length) this.#grow(end)
    this.length = end
    return at
  }

  byte(value: number): void {
    // The claim may replace the buffer, so it comes first.
    const at = this.#claim(1)
    this.buffer[at] = value
  }

  varint(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      this.byte((rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    this.byte(rest)
  }

  int32(tag: number, value: number): void {
    const at = this.#claim(5)
    this.buffer[at] = tag
    this.#view.setInt32(at + 1, value, true)
  }

  double(tag: number, value: number): void {
    const at = this.#claim(9)
    this.buffer[at] = tag
    this.#view.setFloat64(at + 1, value, true)
  }

  bigint64(tag: number, value: bigint): void {
    const at = this.#claim(9)
    this.buffer[at] = tag
    this.#view.setBigInt64(at + 1, value, true)
  }

  string(value: string): void {
    const { length } = value
    if (length <= SHORT) {
      const at = this.#claim(2 + length)
      const { buffer } = this
      let i = 0
      for (; i < length; i++) {
        const unit = value.charCodeAt(i)
        if (unit > 0xff) break
        buffer[at + 2 + i] = unit
      }
      if (i === length) {
        buffer[at] = LATIN1
        buffer[at + 1] = length
        return
      }
      this.length = at
    } else if (!WIDE.test(value)) {
      this.byte(LATIN1)
      this.varint(length)
      const at = this.#claim(length)
      this.buffer.write(value, at, length, 'latin1')
      return
    }
    this.byte(UTF16)
    this.varint(length)
    const at = this.#claim(length * 2)
    this.buffer.write(value, at, length * 2, 'utf16le')
  }

  bytes(value: Uint8Array): void {
    if (value.byteLength > LARGEST) throw tooLarge()
    const at = this.#claim(value.byteLength)
    this.buffer.set(value, at)
  }

  #grow(end: number): void {
    if (end > 2 * LARGEST) throw tooLarge()
    const grown = Buffer.allocUnsafeSlow(Math.min(Math.max(this.buffer.length * 2, end), 2 * LARGEST))
    this.buffer.copy(grown, 0, 0, this.length)
    this.#replace(grown)
  }

  #replace(buffer: Buffer): void {
    this.buffer = buffer
    this.#view = new DataView(buffer.buffer)
  }
}
