// Counts items where batches are what runs.

import type { Progress } from '../job.ts'

export class Contents {
  // Of the batches that have not ended, by index.
  readonly #sizes = new Map<number, number>()
  readonly #total: () => number | undefined
  #batches = 0
  #items = 0
  #done = 0
  #failed = 0

  /** `total` tells how many items the source has, where that is known from the start. */
  constructor(total: () => number | undefined) {
    this.#total = total
  }

  /** The next batch was made. */
  readonly made = (items: number): void => {
    this.#sizes.set(this.#batches++, items)
    this.#items += items
  }

  /** A batch has ended. */
  ended(index: number, failed: boolean): void {
    const items = this.#sizes.get(index) ?? 0
    this.#sizes.delete(index)
    this.#done += items
    if (failed) this.#failed += items
  }

  /** `exhausted`: there are no more batches than were made. */
  counts(exhausted: boolean): Progress {
    return { done: this.#done, failed: this.#failed, total: exhausted ? this.#items : this.#total() }
  }
}
