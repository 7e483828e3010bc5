/**
 * Waiting for work: a short spin, then parked on the slot's ring word. The event loop stays free meanwhile, so timers, messages and the
 * inspector work; `Atomics.wait` would stop them.
 *
 * A hand-off that meets a spinning worker takes about half the time of one that must wake it. One worker spins at a time, and only while work has
 * lately come so soon that a spin would have met it; so an idle pool uses no CPU.
 */
import type { Seat } from '../binding.ts'
import { map, ringWord } from '../pool/memory.ts'
import { whenSettled } from './when-settled.ts'

const SPIN_US = 100
/** A worker that had slept no longer than this when it was rung would have met the work by spinning; a wake-up takes longer than a spin sees. */
const SHORT_MS = 0.25
/** Between looks at siblings that hold items they have not started. */
const STEAL_MS = 2
/** The one of before any task ran here. */
const { setTimeout } = globalThis

export class Sleep {
  readonly #seat: Seat
  readonly #words: Int32Array
  readonly #word: number
  readonly #idleTimeout: number
  readonly #wake: () => void
  readonly #idle: () => void
  /** Some sleep was entered that may last for long; the timer is not begun anew with each. */
  #isWatched = false
  /** Whether the last wait for work was short. */
  #short = true
  #asleepSince = 0
  /** Counts sleeps; a wake-up that belongs to an earlier one is stale. */
  #nap = 0
  #parked = false
  /** Items of its own wait for something: it is not idle. */
  #isAwaiting = false

  constructor(seat: Seat, words: Int32Array, slot: number, idleTimeout: number, wake: () => void, idle: () => void) {
    this.#seat = seat
    this.#words = words
    this.#word = ringWord(slot)
    this.#idleTimeout = idleTimeout
    this.#wake = wake
    this.#idle = idle
  }

  /** The work counter, to be read before the claim that finds nothing. */
  mark(): number {
    return Atomics.load(this.#words, map.work) >>> 0
  }

  /** Goes to sleep; `false` when there is work after all. */
  begin(mark: number, awaiting: boolean, soon: boolean): boolean {
    this.#asleepSince = performance.now()
    if (!awaiting && this.#short && this.#seat.spin(mark, SPIN_US)) return false
    Atomics.store(this.#words, this.#word, 1)
    if (!this.#seat.park()) return false
    this.#parked = true
    const nap = ++this.#nap
    this.#isAwaiting = awaiting
    if (!this.#isWatched) this.#watch(this.#idleTimeout)
    // Where a wait has a time limit, Node keeps a timer of V8's until that is over, also when the wait has long ended: 2,000 sleeps a second with a limit of 30 s each
    // took 15 MiB.
    const wait = Atomics.waitAsync(this.#words, this.#word, 1, soon ? STEAL_MS : Infinity)
    const woken = wait.async ? wait.value : Promise.resolve(wait.value)
    void whenSettled(woken, () => {
      if (nap === this.#nap) this.#wake()
    })
    return true
  }

  /** Looks in so many ms whether this worker has been idle for long. */
  #watch(ms: number): void {
    if (ms === Infinity) return
    this.#isWatched = true
    setTimeout(this.#lookWhetherIdle, ms).unref()
  }

  #lookWhetherIdle = (): void => {
    this.#isWatched = false
    if (!this.#parked || this.#isAwaiting) return
    const left = this.#asleepSince + this.#idleTimeout - performance.now()
    if (left > 0) return this.#watch(Math.ceil(left))
    this.#idle()
    this.#wake()
  }

  /** Awake, for whatever reason. */
  end(): void {
    if (!this.#parked) return
    this.#parked = false
    this.#short = performance.now() - this.#asleepSince < SHORT_MS
    this.#nap++
    this.#seat.unpark()
    // Ends the wait that is still pending, if somebody else woke us.
    Atomics.store(this.#words, this.#word, 0)
    Atomics.notify(this.#words, this.#word)
  }
}
