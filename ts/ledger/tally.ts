/** Counts the items of one name that this thread runs itself; those that workers run are counted natively, in the same place. */
import type { NativeTally } from '../binding.ts'

/** So many attempts are all timed, later ones one in as many: a look at the clock costs a good part of what a call on the caller does, and each takes three. */
const TIMED_ALL = 64
/** Attempts whose times are kept until they are handed over. */
const KEPT = 64

export class Tally {
  readonly native: NativeTally
  total = 0
  completed = 0
  failed = 0
  cancelled = 0
  timedOut = 0
  retried = 0
  readonly #times = new Float64Array(KEPT)
  #timed = 0
  #begun = 0
  #firsts = 0
  /** Whether nobody flushes this one before the figures are read. */
  #alone: boolean

  constructor(native: NativeTally, alone: boolean) {
    this.native = native
    this.#alone = alone
  }

  /** Items that could not be sent. */
  refused(items = 1): void {
    this.total += items
    this.failed += items
  }

  /** Whether the attempt that begins is to be timed. */
  isTimed(): boolean {
    return ++this.#begun <= TIMED_ALL || this.#begun % TIMED_ALL === 0
  }

  /** An attempt ended by itself, after so many ms. On this thread nothing waits for its first attempt. */
  ran(ms: number, isFirst: boolean): void {
    this.#times[this.#timed] = ms
    if (isFirst) this.#firsts++
    if (++this.#timed === KEPT) this.#handOverTimes()
  }

  /** A job that counted here has ended. */
  jobEnded(): void {
    if (this.#alone) this.flush()
  }

  /** It leaves its ledger; jobs that are open go on counting here. */
  leave(): void {
    this.#alone = true
    this.flush()
  }

  /** Hands over what was counted. */
  flush(): void {
    this.#handOverTimes()
    const { total, completed, failed, cancelled, timedOut, retried } = this
    if (total + completed + failed + cancelled + timedOut + retried === 0) return
    this.native.add({ total, completed, failed, cancelled, timedOut, retried })
    this.total = this.completed = this.failed = this.cancelled = this.timedOut = this.retried = 0
  }

  #handOverTimes(): void {
    if (this.#timed === 0) return
    this.native.time(this.#times.subarray(0, this.#timed), this.#firsts)
    this.#timed = this.#firsts = 0
  }
}
