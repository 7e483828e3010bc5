/**
 * Whether the process has come to hold more memory than a pool's `memoryLimit` allows: until it holds less again new work waits, and workers leave.
 *
 * What the process holds is its resident set: that of all threads, whoever filled it. A limit that it is over by itself must slow a pool down, not stop
 * it: so one fresh worker at a time goes on.
 *
 * What was freed is not held by anyone, yet the allocator may keep it: of a thread that has ended up to 64 MiB. It is told to give it back first.
 */
import { addon } from '../binding.ts'

/** Between looks, each of which asks the operating system. */
const LOOK_MS = 20
/** How much less must be held for it to be over: around the limit workers would be replaced at every breath otherwise. */
const RELIEF = 15 / 16
/** How long a worker may serve meanwhile, and how long those that were told to leave are waited for: their items may be waiting for others. */
const PATIENCE_MS = 5000

/** Between two times that the allocator is told to give back what is free: it looks through all that it has. */
const TRIM_MS = 1000

export class Pressure {
  readonly #limit: number
  #lookedAt = -Infinity
  #since: number | undefined
  #askedAt = -Infinity
  #trimmedAt = -Infinity

  /** `limit` in bytes; `Infinity` for none. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Whether there is anything to look at. */
  get isWatched(): boolean {
    return this.#limit !== Infinity
  }

  get isOn(): boolean {
    return this.#since !== undefined
  }

  /** What may be held once too much was. */
  get #relief(): number {
    return this.#limit * RELIEF
  }

  /** Looks, unless it has just done so; says whether it did. */
  look(now: number): boolean {
    if (!this.isWatched || now - this.#lookedAt < LOOK_MS) return false
    this.#lookedAt = now
    let held = process.memoryUsage.rss()
    if (held > (this.isOn ? this.#relief : this.#limit) && now - this.#trimmedAt >= TRIM_MS) {
      this.#trimmedAt = now
      addon.trimMemory()
      held = process.memoryUsage.rss()
    }
    if (held > this.#limit) this.#since ??= now
    else if (held <= this.#relief) this.#since = undefined
    return true
  }

  /** Whether a worker that has been here since `startedAt` had better leave: it may be what holds so much. */
  concerns(startedAt: number, now: number): boolean {
    return this.#since !== undefined && (startedAt <= this.#since || now - startedAt >= PATIENCE_MS)
  }

  /** A worker was told to leave. */
  asked(now: number): void {
    this.#askedAt = now
  }

  /** How many workers may be started, of which `serving` and `leaving` are there. */
  room(serving: number, leaving: number, now: number): number {
    if (!this.isOn) return Infinity
    if (serving > 0) return 0
    return leaving === 0 || now - this.#askedAt >= PATIENCE_MS ? 1 : 0
  }
}
