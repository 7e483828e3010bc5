/** The jobs of a pool that this thread has opened, by id: those that are open, and the last that were. */
import { epitaph } from './job-status.ts'
import type { TrackedJob } from './job-status.ts'
import { Ring } from './ring.ts'

/** Ended jobs that are remembered; of calls without options, which may come by the million, as many again. */
const REMEMBERED = 1000
/** Open jobs that are held for as long as no more than that are open. */
const YOUNG = 64

/** Where an open call is found by its number. */
export interface CallFinder {
  openCall(number: number): TrackedJob | undefined
  openCalls(): Iterable<TrackedJob>
}

export class JobBook {
  /** Few, so that most jobs have ended before there are more: a weak reference costs as much as a fifth of a small job. */
  readonly #young = new Set<TrackedJob>()
  /** The others. Weak: a job of which nobody holds anything any more, and that can therefore never end, must not be kept by this. */
  readonly #old = new Map<string, WeakRef<TrackedJob>>()
  /** When that many are open, those are struck out that have vanished. */
  #sweepAt = REMEMBERED
  readonly #ended = new Ring<TrackedJob>(REMEMBERED)
  readonly #endedCalls = new Ring<TrackedJob>(REMEMBERED)
  readonly #lines = new Map<string, CallFinder>()

  opened(job: TrackedJob): void {
    this.#young.add(job)
    if (this.#young.size === YOUNG) this.#age()
  }

  ended(job: TrackedJob): void {
    if (!this.#young.delete(job)) this.#old.delete(job.id)
    this.#ended.put(epitaph(job))
  }

  /** Calls whose ids begin with `prefix` are found by their numbers. */
  addLine(prefix: string, line: CallFinder): void {
    this.#lines.set(prefix, line)
  }

  /** A call that has ended holds nothing but its own figures: it is kept as it is. */
  callEnded(call: TrackedJob): void {
    this.#endedCalls.put(call)
  }

  find(id: string): TrackedJob | undefined {
    if (typeof id !== 'string') return undefined
    const number = id.lastIndexOf('.') + 1
    return (
      [...this.#young].find((job) => job.id === id) ??
      this.#old.get(id)?.deref() ??
      this.#lines.get(id.slice(0, number))?.openCall(Number(id.slice(number))) ??
      this.#ended.find((job) => job.id === id) ??
      this.#endedCalls.find((call) => call.id === id)
    )
  }

  /** All that are open. */
  *open(): Iterable<TrackedJob> {
    yield* this.#young
    for (const ref of this.#old.values()) {
      const job = ref.deref()
      if (job !== undefined) yield job
    }
    for (const line of this.#lines.values()) yield* line.openCalls()
  }

  #age(): void {
    for (const job of this.#young) this.#old.set(job.id, new WeakRef(job))
    this.#young.clear()
    if (this.#old.size < this.#sweepAt) return
    for (const [id, ref] of this.#old) if (ref.deref() === undefined) this.#old.delete(id)
    this.#sweepAt = Math.max(REMEMBERED, 2 * this.#old.size)
  }
}
