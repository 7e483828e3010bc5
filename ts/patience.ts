/**
 * Time limits that this thread keeps itself. While it is blocked nobody is heard, so that is not held against anybody: limits end later, never falsely.
 *
 * One clock serves all of them. It looks every few milliseconds while anything that has a limit is underway, and a look that comes late counts as one: what
 * this thread has lost since the one before is nobody's. So a thread that is always slow has slower limits, but it has some.
 */
import { performance } from 'node:perf_hooks'

/** Between looks. */
const EVERY_MS = 5
/** A look so long after the one before has come late. */
const LATE_MS = 2 * EVERY_MS

/** What has limits, too many for timers of their own. */
export interface Timed {
  /** Ends what is over its limit; says whether anything is underway. */
  look(): boolean
}

class PatientClock {
  readonly #timed = new Set<Timed>()
  #waiting = 0
  // When the last look was, and how much of the time until then does not count.
  #seen = 0
  #lost = 0
  #looker: NodeJS.Timeout | undefined
  // What came while this thread was blocked has not been heard yet.
  #isDeaf = false

  watch(timed: Timed): void {
    this.#timed.add(timed)
  }

  forget(timed: Timed): void {
    this.#timed.delete(timed)
  }

  /** Something watched begins, and the process stays for it. Gives the time from which it counts: that of the last look. */
  begin(): number {
    if (this.#looker === undefined) this.#run()
    return this.#seen - this.#lost
  }

  /** Whether so many ms have passed since a begin: not sooner, and two looks later at most. */
  isOver(since: number, limit: number): boolean {
    return this.#seen - this.#lost - since >= limit + EVERY_MS
  }

  /** Calls `end` once `ms` have passed; gives what calls that off. The process stays for it. */
  wait(ms: number, end: () => void): () => void {
    if (this.#looker === undefined) this.#run()
    this.#waiting++
    let isOpen = true
    let timer: NodeJS.Timeout
    const close = (): void => {
      if (!isOpen) return
      isOpen = false
      this.#waiting--
      clearTimeout(timer)
    }
    const start = (left: number): void => {
      timer = setTimeout(due, left)
    }
    const since = performance.now() - this.#lost
    const due = (): void => {
      const now = performance.now()
      const isLate = now - this.#seen > LATE_MS
      const left = ms - ((isLate ? this.#seen + EVERY_MS : now) - this.#lost - since)
      // In the next turn what has come meanwhile will have been heard.
      if (left > 0 || isLate || this.#isDeaf) return start(Math.max(left, 1))
      close()
      end()
    }
    start(ms)
    return close
  }

  #run(): void {
    this.#seen = performance.now()
    this.#looker = setInterval(this.#look, EVERY_MS)
  }

  readonly #look = (): void => {
    const now = performance.now()
    const since = now - this.#seen
    this.#seen = now
    if (since <= LATE_MS) return this.#lookAtAll()
    this.#lost += since - EVERY_MS
    // Timers come first in a turn of the event loop, then what the system has to tell, then this.
    this.#isDeaf = true
    setImmediate(() => {
      this.#isDeaf = false
      this.#lookAtAll()
    })
  }

  #lookAtAll(): void {
    let isUsed = this.#waiting > 0
    for (const timed of this.#timed) if (timed.look()) isUsed = true
    if (isUsed) return
    clearInterval(this.#looker)
    this.#looker = undefined
  }
}

/** The clock of this thread. */
export const patience: PatientClock = new PatientClock()
