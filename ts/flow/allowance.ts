// How many items a flow may hold: pulled and not yet yielded.

import type { Lane } from '../lanes/lane.ts'
import { WINDOW_BYTES, WINDOW_ITEMS } from '../lanes/workers.ts'
import { BLANK, keepHiddenClass } from '../hidden-class.ts'

/** What a flow's user said, or `'auto'`. */
export type Buffer = number | 'auto'

/**
 * Says it anew whenever it is asked. Where the user said nothing it begins with what the lane needs for a start and doubles each time its workers
 * were found idle while the consumer waited: then all that it let in was not enough to keep them busy while the caller was on its way.
 */
export class Allowance {
  static {
    keepHiddenClass(new Allowance(BLANK, 'auto'))
  }

  readonly #lane: Lane
  readonly #fixed: number | undefined
  #factor = 1

  constructor(lane: Lane, buffer: Buffer) {
    this.#lane = lane
    this.#fixed = buffer === 'auto' ? undefined : buffer
  }

  get items(): number {
    if (this.#fixed !== undefined) return this.#fixed
    const { ahead, weight } = this.#lane
    if (weight === 0) return ahead
    return Math.max(1, Math.min(ahead * this.#factor, WINDOW_ITEMS, Math.floor(WINDOW_BYTES / weight)))
  }

  /** The consumer waits, and nothing of what was let in is left to run. */
  tooSmall(): void {
    if (this.#lane.ahead * this.#factor < WINDOW_ITEMS) this.#factor *= 2
  }
}
