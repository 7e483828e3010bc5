// Says when a long stretch of work on the caller must let the event loop turn: after about 4 ms.

import { performance } from 'node:perf_hooks'

const longestMs = 4
const widestStride = 64

/**
 * Counts steps and looks at the clock every 64 of them (40 ns a look), or more often while steps turn out to be slow.
 * Steps made in many short visits, one per finished item, are spread over other people's turns; they are only looked at every 64.
 */
export class Slice {
  #started = 0
  #looked = 0
  #left = 1
  #stride = 1
  #visit = 0
  #lookedIn = 0

  constructor() {
    this.restart()
  }

  /** The event loop has turned. */
  restart(): void {
    this.#started = this.#looked = performance.now()
    this.#left = this.#stride
    this.#lookedIn = this.#visit + 1
  }

  /** A stretch of steps without a break begins. */
  enter(): void {
    this.#visit++
  }

  /** Called after each step: is it time to stop? */
  over(): boolean {
    if (--this.#left > 0) return false
    const now = performance.now()
    if (this.#lookedIn === this.#visit) this.#adapt(now - this.#looked)
    else this.#stride = widestStride
    this.#looked = now
    this.#lookedIn = this.#visit
    this.#left = this.#stride
    return now - this.#started > longestMs
  }

  #adapt(spent: number): void {
    if (spent < 0.5) this.#stride = Math.min(widestStride, this.#stride * 2)
    else if (spent > 2) this.#stride = Math.max(1, this.#stride >> 2)
  }
}
