/** Random numbers that a seed gives again: mulberry32. */
export class Random {
  #state

  constructor(seed) {
    this.#state = seed >>> 0
  }

  /** From 0, below 1. */
  next() {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = this.#state
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }

  /** An integer from 0, below `end`. */
  below(end) {
    return Math.floor(this.next() * end)
  }

  /** A key of `weights`, which are by key. */
  pick(weights) {
    const entries = Object.entries(weights)
    let left = this.next() * entries.reduce((sum, [, weight]) => sum + weight, 0)
    for (const [key, weight] of entries) if ((left -= weight) < 0) return key
    return entries[0][0]
  }

  /** Between two events that come `rate` times a second, in ms, when they know nothing of each other. */
  gap(rate) {
    return (-Math.log(1 - this.next()) / rate) * 1000
  }
}
