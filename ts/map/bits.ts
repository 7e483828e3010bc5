/** A bit for each item of a known number: sixty-four times smaller than a list, and set by whole stretches. */
export class Bits {
  readonly #bytes: Uint8Array

  constructor(count: number) {
    this.#bytes = new Uint8Array(Math.ceil(count / 8))
  }

  has(at: number): boolean {
    return (((this.#bytes[at >>> 3] ?? 0) >>> (at & 7)) & 1) === 1
  }

  set(at: number): void {
    this.#bytes[at >>> 3] = (this.#bytes[at >>> 3] as number) | (1 << (at & 7))
  }

  setAll(from: number, end: number): void {
    while (from < end && (from & 7) !== 0) this.set(from++)
    const whole = end - ((end - from) & 7)
    if (whole > from) this.#bytes.fill(255, from / 8, whole / 8)
    for (let at = Math.max(from, whole); at < end; at++) this.set(at)
  }
}
