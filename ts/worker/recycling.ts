/** When this worker has served long enough: a fresh one takes its place once nothing runs in it. */
import type { PoolSettings } from '../options/settings.ts'

/** Between looks at the heap, which cost some microseconds. */
const HEAP_LOOK_MS = 20

export class Recycling {
  readonly #after: PoolSettings['recycleAfter']
  readonly #bornAt: number = performance.now()
  #items = 0
  #lookedAt = 0

  constructor(after: PoolSettings['recycleAfter']) {
    this.#after = after
  }

  /** Items that this worker has run. */
  count(items: number): void {
    this.#items += items
  }

  due(): boolean {
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
