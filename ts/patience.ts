// Time limits that this thread keeps itself. While it is blocked nobody is heard, so that is not held against anybody: limits end later, never falsely.

import { performance } from 'node:perf_hooks'

/** Looks in the time of a limit, and the bounds of what lies between two of them, in ms. */
const looks = 8
const briefest = 1
const longest = 25

/** Counts the time in which this thread could hear of what it waits for; it runs while something is timed by it. */
export class PatientClock {
  readonly #every: number
  readonly #isIdle: () => boolean
  #lost = 0
  #seen = 0
  // What came while this thread was blocked has not been heard yet.
  #deaf = false
  #looker: NodeJS.Timeout | undefined

  /** Made for limits of `limit` ms; `isIdle` tells that nothing is timed any more. */
  constructor(limit: number, isIdle: () => boolean) {
    this.#every = Math.max(briefest, Math.min(longest, limit / looks))
    this.#isIdle = isIdle
  }

  /** The time from which something that begins now is to be counted. */
  start(): number {
    const now = performance.now()
    if (this.#looker === undefined) {
      this.#seen = now
      this.#looker = setInterval(this.#look, this.#every).unref()
    }
    return this.#at(now)
  }

  /** Ms that are left of a limit; when a timer says that it has passed, some may be. */
  left(since: number, limit: number): number {
    const now = performance.now()
    const left = limit - (this.#at(now) - since)
    return this.#deaf || this.#isLate(now) ? Math.max(left, briefest) : left
  }

  stop(): void {
    clearInterval(this.#looker)
    this.#looker = undefined
  }

  readonly #look = (): void => {
    if (this.#isIdle()) return this.stop()
    const now = performance.now()
    if (this.#isLate(now)) {
      this.#lost += now - this.#seen - this.#every
      // Timers come first in a turn of the event loop, then what the system has to tell, then this.
      this.#deaf = true
      setImmediate(this.#heard)
    }
    this.#seen = now
  }

  readonly #heard = (): void => {
    this.#deaf = false
  }

  #isLate(now: number): boolean {
    return now - this.#seen > 2 * this.#every
  }

  // A look that comes late counts as one: so a thread that is always slow has slower limits, but it has some.
  #at(now: number): number {
    return (this.#isLate(now) ? this.#seen + this.#every : now) - this.#lost
  }
}

/** Calls `end` once this thread has waited `ms`; gives what calls that off. The process stays for it. */
export function patiently(ms: number, end: () => void): () => void {
  const clock = new PatientClock(ms, () => false)
  const since = clock.start()
  let timer: NodeJS.Timeout
  const callOff = (): void => {
    clearTimeout(timer)
    clock.stop()
  }
  const due = (): void => {
    const left = clock.left(since, ms)
    if (left > 0) return wait(left)
    clock.stop()
    end()
  }
  const wait = (left: number): void => {
    timer = setTimeout(due, left)
  }
  wait(ms)
  return callOff
}
