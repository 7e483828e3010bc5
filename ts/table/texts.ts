// The texts of a table, one after the other in one piece of memory: a byte for each unit, or two once there is a unit that needs it.

import { WIDE } from '../codec/format.ts'

/** So many are put together and written at once: that takes 14 ns each, writing each by itself 45. More of them leave the caches on the way. */
const TOGETHER = 256

export class Texts {
  readonly #waiting = Array.from({ length: TOGETHER }, () => '')
  #count = 0
  /** Of those that wait. */
  #units = 0
  #bytes: Buffer = Buffer.allocUnsafeSlow(4096)
  #length = 0
  #unit: 1 | 2 = 1

  /** What they take: exactly, when all have been written. */
  get bytes(): number {
    return this.#length + this.#units * this.#unit
  }

  add(text: string): void {
    this.#waiting[this.#count++] = text
    this.#units += text.length
    if (this.#count === TOGETHER) this.#write(this.#waiting)
  }

  /** All of them, in memory that is reused after `clear`. */
  whole(): { bytes: Buffer; unit: 1 | 2 } {
    this.#write(this.#waiting.slice(0, this.#count))
    return { bytes: this.#bytes.subarray(0, this.#length), unit: this.#unit }
  }

  clear(): void {
    this.#count = this.#units = 0
    this.#length = 0
    this.#unit = 1
  }

  #write(texts: readonly string[]): void {
    const text = texts.join('')
    this.#count = this.#units = 0
    if (this.#unit === 1 && WIDE.test(text)) this.#widen()
    const length = text.length * this.#unit
    if (this.#length + length > this.#bytes.length) this.#grow(this.#length + length)
    this.#bytes.write(text, this.#length, length, this.#unit === 1 ? 'latin1' : 'utf16le')
    this.#length += length
  }

  #widen(): void {
    const bytes = Buffer.from(this.#bytes.toString('latin1', 0, this.#length), 'utf16le')
    this.#unit = 2
    this.#length = 0
    this.#grow(bytes.length)
    this.#bytes.set(bytes)
    this.#length = bytes.length
  }

  #grow(bytes: number): void {
    const grown = Buffer.allocUnsafeSlow(Math.max(bytes, this.#bytes.length * 2))
    this.#bytes.copy(grown, 0, 0, this.#length)
    this.#bytes = grown
  }
}
