// The shared objects that a thread has given to a pool, by the number of the parcel they went in.

import { isShared } from './registry.ts'
import type { ShareNumbers } from './registry.ts'
import { BLANK, keepHiddenClass } from '../hidden-class.ts'

/** How a pool's hub takes a shared object, and hears that nobody has it any more. */
export interface ShareTaker {
  /** Gives it to every worker, also to those to come; returns its number. */
  giveShared(value: object): number
  drop(ids: readonly number[]): void
}

/** All that this thread has given to one pool. */
export class GivenShares {
  readonly #taker: ShareTaker
  readonly #numbers = new WeakMap<object, number>()
  readonly #collected: FinalizationRegistry<number>

  constructor(taker: ShareTaker) {
    this.#taker = taker
    this.#collected = new FinalizationRegistry((number) => taker.drop([number]))
  }

  /** Its number in the pool; given when it is first asked for. */
  numberOf(shared: object): number {
    let number = this.#numbers.get(shared)
    if (number === undefined) {
      number = this.#taker.giveShared(shared)
      this.#numbers.set(shared, number)
      this.#collected.register(shared, number)
    }
    return number
  }
}

/** Those that go with some items: whoever sends these must hold them until the last item has ended, or they could be collected on the way. */
export class SharesUsed implements ShareNumbers {
  static {
    keepHiddenClass(new SharesUsed(BLANK))
  }

  readonly #given: GivenShares
  #met: Set<object> | undefined

  constructor(given: GivenShares) {
    this.#given = given
  }

  numberOf(value: object): number {
    if (!isShared(value)) return 0
    ;(this.#met ??= new Set()).add(value)
    return this.#given.numberOf(value)
  }

  /** Those met since they were last taken. */
  take(): ReadonlySet<object> | undefined {
    const met = this.#met
    this.#met = undefined
    return met
  }
}
