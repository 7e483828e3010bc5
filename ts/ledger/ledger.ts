/** What a thread knows of the jobs of a pool: which there are, and, with the pool's other threads, what became of them. */
import { addon } from '../binding.ts'
import type { NativeLedger } from '../binding.ts'
import { jobEnded, jobOpened } from '../events/jobs.ts'
import type { FunctionMetrics } from './figures.ts'
import { JobBook } from './job-book.ts'
import type { TrackedJob } from './job-status.ts'
import { Tally } from './tally.ts'

/** Tallies at hand; the addon knows the others. */
const TALLIES = 1000

export class Ledger {
  /** The pool's name. */
  readonly pool: string
  readonly native: NativeLedger
  readonly book: JobBook = new JobBook()
  readonly #tallies = new Map<string, Tally>()
  /** Figures are asked for on another thread: it must not wait for this one to be asked too. */
  readonly #isGuest: boolean

  /** `native` is that of an open pool that belongs to another thread. */
  constructor(pool: string, native?: NativeLedger) {
    this.pool = pool
    this.native = native ?? new addon.Ledger()
    this.#isGuest = native !== undefined
  }

  tally(name: string): Tally {
    let tally = this.#tallies.get(name)
    if (tally === undefined) {
      if (this.#tallies.size >= TALLIES) {
        for (const old of this.#tallies.values()) old.leave()
        this.#tallies.clear()
      }
      this.#tallies.set(name, (tally = new Tally(this.native.tally(name), this.#isGuest)))
    }
    return tally
  }

  opened(job: TrackedJob): void {
    this.book.opened(job)
    jobOpened(this.pool, job)
  }

  /** `error` is what it rejected with. */
  ended(job: TrackedJob, error: unknown): void {
    this.book.ended(job)
    jobEnded(this.pool, job, error)
  }

  callOpened(call: TrackedJob): void {
    jobOpened(this.pool, call)
  }

  callEnded(call: TrackedJob, error: unknown): void {
    this.book.callEnded(call)
    jobEnded(this.pool, call, error)
  }

  functions(): Readonly<Record<string, FunctionMetrics>> {
    for (const tally of this.#tallies.values()) tally.flush()
    const functions = Object.create(null) as Record<string, FunctionMetrics>
    const byName = this.native.figures().toSorted((a, b) => (a.name < b.name ? -1 : 1))
    for (const { name, counts, runs, waits } of byName) {
      // A name that was looked up for a job of which nothing was handed over.
      if (counts.total > 0) functions[name] = { ...counts, runMs: runs, waitMs: waits }
    }
    return functions
  }
}
