/** Decodes results: each claim has a key dictionary of its own, which comes before the first record that needs it. */
import { Decoder } from '../codec/decoder.ts'

/**
 * Dictionaries are kept until their lane says that nothing more can come of the claim: one of a slow item may still be on its way when hundreds of quick
 * ones have come and gone. Most results define no shapes, and those share one decoder.
 */
export class ResultDecoder {
  readonly #plain = new Decoder()
  readonly #defined = new Map<number, Decoder>()
  readonly #new = new Set<number>()

  define(claim: number, buffer: Buffer, start: number, end: number): void {
    let decoder = this.#defined.get(claim)
    if (decoder === undefined) {
      this.#defined.set(claim, (decoder = new Decoder()))
      this.#new.add(claim)
    }
    // The dictionary outlives the buffer, which is reused for the next completions.
    decoder.define(Buffer.from(buffer.subarray(start, end)))
  }

  /** Whether the claim has got its first dictionary since it was last asked about. */
  isNew(claim: number): boolean {
    return this.#new.size > 0 && this.#new.delete(claim)
  }

  drop(claim: number): void {
    this.#defined.delete(claim)
  }

  item(claim: number, buffer: Buffer, start: number, end: number): unknown {
    return (this.#defined.get(claim) ?? this.#plain).item(buffer, start, end, undefined)
  }
}
