/**
 * How long the items of a claim ran that run in stretches: so many of them, and the mean of their times. Stretches that were about as quick as the one before are
 * told of with it.
 *
 * Mirrors crates/core/src/times.rs.
 */

const PAIR = 8
/** Pairs of a claim at most: what comes behind them counts with the last. */
const MOST = 256
/** Means that differ by less are one. */
const ALIKE = 0.25

interface Stretch {
  readonly count: number
  readonly ms: number
}

export class Times {
  /** Those that have an end. */
  #told: Stretch[] | undefined
  #count = 0
  #ms = 0

  /** So many items, which ran so long together. */
  add(count: number, ms: number): void {
    if (!this.#isLike(ms / count)) {
      ;(this.#told ??= []).push({ count: this.#count, ms: this.#ms })
      this.#count = this.#ms = 0
    }
    this.#count += count
    this.#ms += ms
  }

  /** What there is to tell: nothing, where all were about as quick, for then the mean of the claim says as much. */
  take(): Buffer | undefined {
    if (this.#told === undefined) return undefined
    const stretches = [...this.#told, { count: this.#count, ms: this.#ms }]
    this.#told = undefined
    this.#count = this.#ms = 0
    const bytes = Buffer.allocUnsafe(stretches.length * PAIR)
    for (const [i, { count, ms }] of stretches.entries()) {
      bytes.writeUInt32LE(count, i * PAIR)
      bytes.writeFloatLE(ms / count, i * PAIR + 4)
    }
    return bytes
  }

  #isLike(mean: number): boolean {
    if (this.#count === 0 || this.#told?.length === MOST - 1) return true
    const before = this.#ms / this.#count
    return Math.abs(mean - before) <= before * ALIKE
  }
}
