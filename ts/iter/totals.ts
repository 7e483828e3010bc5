/** Sums and extremes of numbers that come one by one, and of what several threads have found: the same on both sides. */

/** A sum in the making: rounded, what rounding took, and bigints apart. */
export interface Total {
  readonly high: number
  readonly low: number
  /** Absent until there is one. */
  readonly big?: bigint | undefined
  readonly numbers: boolean
}

/** Adds with a second number that keeps what rounding takes (Neumaier's sum): the error does not grow with the number of items. */
export class Summing {
  #high = 0
  #low = 0
  #big: bigint | undefined
  #numbers = false

  add(item: unknown): void {
    if (typeof item === 'number') {
      this.#numbers = true
      this.#plus(item)
    } else if (typeof item === 'bigint') {
      this.#big = (this.#big ?? 0n) + item
    } else {
      throw new TypeError(`sum: items must be numbers or bigints, got ${item === null ? 'null' : typeof item}`)
    }
  }

  join({ high, low, big, numbers }: Total): void {
    this.#numbers ||= numbers
    this.#plus(high)
    this.#low += low
    if (big !== undefined) this.#big = (this.#big ?? 0n) + big
  }

  total(): Total {
    return { high: this.#high, low: this.#low, big: this.#big, numbers: this.#numbers }
  }

  /** The sum; 0 of nothing. */
  value(): number | bigint {
    if (this.#big !== undefined) {
      if (this.#numbers) throw new TypeError('sum: numbers and bigints cannot be added')
      return this.#big
    }
    // What was lost on the way to an infinity or NaN means nothing.
    return Number.isFinite(this.#high) ? this.#high + this.#low : this.#high
  }

  #plus(item: number): void {
    const sum = this.#high + item
    this.#low += Math.abs(this.#high) >= Math.abs(item) ? this.#high - sum + item : item - sum + this.#high
    this.#high = sum
  }
}

/** Whether `a` comes before `b`: as `<` has it, with NaN before everything and -0 before 0, as for `Math.min`. */
export function isLess(a: unknown, b: unknown): boolean {
  if (Number.isNaN(a)) return !Number.isNaN(b)
  if (a === 0 && b === 0) return Object.is(a, -0) && Object.is(b, 0)
  return (a as number) < (b as number)
}

/** Whether `a` comes behind `b`: NaN behind everything, as for `Math.max`. */
export function isGreater(a: unknown, b: unknown): boolean {
  if (Number.isNaN(a)) return !Number.isNaN(b)
  return !Number.isNaN(b) && isLess(b, a)
}
