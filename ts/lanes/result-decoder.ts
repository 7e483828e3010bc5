/** Decodes results: each claim has a key dictionary of its own, which comes before the first record that needs it. */
import { Decoder } from '../codec/decoder.ts'

/** Claims whose records are on their way at the same time are few; a dictionary older than these has done its work. */
const KEPT = 64

export class ResultDecoder {
  readonly #decoders = new Map<number, Decoder>()
  #claim = -1
  #decoder: Decoder | undefined

  define(claim: number, buffer: Buffer, start: number, end: number): void {
    // The dictionary outlives the buffer, which is reused for the next completions.
    this.#of(claim).define(Buffer.from(buffer.subarray(start, end)))
  }

  item(claim: number, buffer: Buffer, start: number, end: number): unknown {
    return this.#of(claim).item(buffer, start, end, undefined)
  }

  #of(claim: number): Decoder {
    if (claim === this.#claim) return this.#decoder as Decoder
    let decoder = this.#decoders.get(claim)
    if (decoder === undefined) {
      if (this.#decoders.size >= KEPT) this.#decoders.delete(this.#decoders.keys().next().value as number)
      this.#decoders.set(claim, (decoder = new Decoder()))
    }
    this.#claim = claim
    this.#decoder = decoder
    return decoder
  }
}
