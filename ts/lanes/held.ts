// The clock of the caller lane's calls; warns, once per function, that it held the calling thread for long.

import { performance } from 'node:perf_hooks'

const longMs = 20
/** So many calls are all timed. Later ones, if they are quick, one in eight: two looks at the clock cost as much as a tenth of a call. */
const timedAll = 64
const stride = 8
const quickMs = 0.1
const warned = new WeakSet<object>()

/** In ms. */
export const now: () => number = () => performance.now()

/** Watches how long a function's calls last until their first `await`. */
export class HoldWatch {
  readonly #fn: object
  readonly #name: string
  readonly #warns: boolean
  #calls = 0
  #held = 0
  #at = 0
  // Calls that take the last look for their own beginning.
  #left = 0

  /** `warns`: holding the thread is news to the user. */
  constructor(fn: object, name: string, warns: boolean) {
    this.#fn = fn
    this.#name = name
    this.#warns = warns
  }

  /** A call begins: when, with less than a millisecond of doubt. */
  begin(): number {
    this.#calls++
    if (--this.#left <= 0) this.#at = now()
    return this.#at
  }

  /** The call has come back. */
  back(): void {
    if (this.#left > 0) return
    const began = this.#at
    this.#at = now()
    const ms = this.#at - began
    if (this.#calls > timedAll && ms < quickMs) this.#left = stride
    // A pause that meets one call in thousands (a collection, another process) is not the function's doing.
    else if (ms > longMs && ++this.#held * 1000 >= this.#calls) this.#warn(ms)
  }

  /** A stretch of calls without a break is over. */
  rest(): void {
    this.#left = 0
  }

  #warn(ms: number): void {
    if (!this.#warns || warned.has(this.#fn)) return
    warned.add(this.#fn)
    const advice = "to compute in workers, put it in a module (workerModule) or pass { on: 'workers' }"
    process.emitWarning(`'${this.#name}' held the calling thread for ${Math.round(ms)} ms; ${advice}`, {
      type: 'EverycoreWarning',
      code: 'EVERYCORE_HELD',
    })
  }
}
