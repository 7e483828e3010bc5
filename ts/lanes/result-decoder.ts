/** Decodes results: each claim has a key dictionary of its own, which comes before the first record that needs it. */
import { Decoder } from '../codec/decoder.ts'

/**
 * A dictionary is kept until its claim has ended: one of a slow item may still be on its way when hundreds of quick ones have come and gone. Most
 * results define no shapes, and those share one decoder.
 */
export class ResultDecoder {
  readonly #plain = new Decoder()
  readonly #defined = new Map<number, Decoder>()
  /** The one used last: results of a claim come together. */
  #claim = -1
  #decoder = this.#plain
  /** Claims part of whose dictionary could not be read, with the reason: shapes are known by their number, so all that follows would be taken for others. */
  readonly #unread = new Map<number, { readonly cause: unknown }>()

  /** Never throws: it is the items of the claim that cannot be read then. */
  define(claim: number, buffer: Buffer, start: number, end: number): void {
    let decoder = this.#defined.get(claim)
    if (decoder === undefined) this.#defined.set(claim, (decoder = new Decoder()))
    this.#claim = -1
    try {
      // The dictionary outlives the buffer, which is reused for the next completions.
      decoder.define(Buffer.from(buffer.subarray(start, end)))
    } catch (cause) {
      this.#unread.set(claim, { cause })
    }
  }

  /** Throws what reading throws, which is for this item alone to bear. */
  item(claim: number, buffer: Buffer, start: number, end: number): unknown {
    const unread = this.#unread.size === 0 ? undefined : this.#unread.get(claim)
    if (unread !== undefined) throw unread.cause
    if (claim !== this.#claim) {
      this.#claim = claim
      this.#decoder = this.#defined.get(claim) ?? this.#plain
    }
    return this.#decoder.item(buffer, start, end, undefined)
  }

  /** The last result of the claim has been read. */
  forget(claim: number): void {
    this.#claim = -1
    this.#defined.delete(claim)
    this.#unread.delete(claim)
  }

  /** Nobody waits for what else may come of any claim. */
  forgetAll(): void {
    this.#claim = -1
    this.#defined.clear()
    this.#unread.clear()
  }
}
