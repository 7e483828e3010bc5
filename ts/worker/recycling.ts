/** When this worker has served long enough: a fresh one takes its place once nothing runs in it. */
import type { PoolSettings } from '../options/settings.ts'

/** Between looks at the heap, which cost some microseconds. */
const HEAP_LOOK_MS = 20

export class Recycling {
  readonly #after: PoolSettings['recycleAfter']
  readonly #bornAt: number = performance.now()
  /** Whether there is anything to look at. */
  readonly isSet: boolean
  #items = 0
  #lookedAt = 0
  #isOver = false

  constructor(after: PoolSettings['recycleAfter']) {
    this.#after = after
    this.isSet = Object.values(after).some((limit) => limit !== Infinity)
  }

  /** An item has begun, and perhaps ended. True, once, when it was the last that this worker should begin. */
  begun(): boolean {
    this.#items++
    if (this.#isOver || !this.#isDue()) return false
    this.#isOver = true
    return true
  }

  #isDue(): boolean {
    const { jobs, ms, heap } = this.#after
    if (this.#items >= jobs) return true
    if (ms === Infinity && heap === Infinity) return false
    const now = performance.now()
    return now - this.#bornAt >= ms || (heap !== Infinity && this.#heapOver(heap, now))
  }

  #heapOver(limit: number, now: number): boolean {
    if (now - this.#lookedAt < HEAP_LOOK_MS) return false
    this.#lookedAt = now
    return process.memoryUsage().heapUsed > limit
  }
}
