/**
 * When a worker that could not start, or a module that ended the worker that loaded it, may be tried again: after 0, 50, 200, then 1000 ms; and after ten
 * failures within a minute not until a probe succeeds, with all that needs it refused meanwhile. A death in an item is no such failure and never waits.
 */
const DELAYS = [0, 50, 200, 1000]
const WINDOW_MS = 60_000
const TRIPS_AT = 10
/** Between probes while the breaker is open. */
const PROBE_MS = 1000

export class Restarts {
  #failures: number[] = []
  #cause: unknown
  #retryAt = 0

  /** It went wrong once more. */
  failed(cause: unknown, now: number): void {
    this.#cause = cause
    this.#failures = this.#failures.filter((at) => now - at < WINDOW_MS)
    this.#failures.push(now)
    const delay = this.open ? PROBE_MS : (DELAYS[Math.min(this.#failures.length - 1, DELAYS.length - 1)] as number)
    this.#retryAt = now + delay
  }

  /** Whatever was wrong has gone. */
  succeeded(): void {
    this.#failures = []
    this.#cause = undefined
    this.#retryAt = 0
  }

  /** So many failures that work is refused. */
  get open(): boolean {
    return this.#failures.length >= TRIPS_AT
  }

  /** It has gone wrong, and not well since: one at a time is tried. */
  get careful(): boolean {
    return this.#failures.length > 0
  }

  /** What the last one failed of. */
  get cause(): unknown {
    return this.#cause
  }

  /** Ms until it may be tried. */
  wait(now: number): number {
    return Math.max(0, this.#retryAt - now)
  }
}
