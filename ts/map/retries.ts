// Decides what becomes of a failed attempt: another one, now or after a delay, or the item's failure.

import { OptionError } from '../errors.ts'
import { longestMs } from '../options/checks.ts'
import type { RetrySettings } from '../options/settings.ts'

/** Another attempt is due, or the failure is final with this error. */
export type Verdict = { again: true } | { again: false; error: unknown; attempt: number }

const again: Verdict = { again: true }

/** Counts attempts per item and keeps those that wait for their next one. */
export class Retries {
  readonly #settings: RetrySettings
  readonly #due: (index: number) => void
  readonly #attempts = new Map<number, number>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #stopped = false

  /** `due` is called, from a timer, when the delay before an item's next attempt is over. */
  constructor(settings: RetrySettings, due: (index: number) => void) {
    this.#settings = settings
    this.#due = due
  }

  /** The item's attempts that have failed so far. */
  attempts(index: number): number {
    return this.#attempts.get(index) ?? 0
  }

  /** A throw from `when` or `delay` takes the place of the error that was asked about. An attempt without delay is due through `atOnce`. */
  failed(index: number, error: unknown, atOnce: (index: number) => void): Verdict {
    const attempt = this.attempts(index) + 1
    if (attempt > this.#settings.times) return this.#final(index, error, attempt)
    let wait: number
    try {
      if (!isWorthIt(this.#settings.when(error))) return this.#final(index, error, attempt)
      wait = checkWait(this.#settings.delay(attempt))
    } catch (thrown) {
      return this.#final(index, thrown, attempt)
    }
    this.#attempts.set(index, attempt)
    // `when` or `delay` may have ended the job.
    if (this.#stopped) return again
    if (wait === 0) atOnce(index)
    else this.#later(index, wait)
    return again
  }

  /** The item is not wanted any more: the failure is final. */
  givenUp(index: number, error: unknown): Verdict {
    return this.#final(index, error, this.attempts(index) + 1)
  }

  /** The item has ended well. */
  done(index: number): void {
    this.#attempts.delete(index)
  }

  /** No attempt starts any more. */
  stop(): void {
    this.#stopped = true
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
  }

  #final(index: number, error: unknown, attempt: number): Verdict {
    this.#attempts.delete(index)
    return { again: false, error, attempt }
  }

  #later(index: number, wait: number): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.#due(index)
    }, wait)
    this.#timers.add(timer)
  }
}

// A promise would always count as true: the mistake is told instead of retrying for ever.
function isWorthIt(answer: unknown): boolean {
  if (typeof answer === 'object' && answer !== null)
    throw new OptionError("option 'retries.when' must return true or false at once, got an object")
  return Boolean(answer)
}

function checkWait(wait: unknown): number {
  if (typeof wait === 'number' && wait >= 0 && wait <= longestMs) return wait
  throw new OptionError(
    `option 'retries.delay' must give milliseconds from 0 to ${longestMs}, got ${typeof wait === 'number' ? wait : typeof wait}`,
  )
}
