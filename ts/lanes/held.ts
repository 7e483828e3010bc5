// Warns, once per function, that it held the calling thread for long.

import { performance } from 'node:perf_hooks'

const longMs = 20
/** So many calls are all watched, later ones one in eight: a look at the clock costs a good part of what a call does. */
const watchedAll = 64
const warned = new WeakSet<object>()

/** The clock of the caller lane's calls, in ms. */
export const now: () => number = () => performance.now()

/** Watches how long a function's calls last until their first `await`. */
export class HoldWatch {
  readonly #fn: object
  readonly #name: string
  #calls = 0
  #held = 0

  constructor(fn: object, name: string) {
    this.#fn = fn
    this.#name = name
  }

  /** A call that began at `startedAt` has come back. */
  back(startedAt: number): void {
    if (++this.#calls <= watchedAll || this.#calls % 8 === 0) this.#note(now() - startedAt)
  }

  // A pause that meets one call in thousands (a collection, another process) is not the function's doing.
  #note(ms: number): void {
    if (ms <= longMs || ++this.#held * 1000 < this.#calls || warned.has(this.#fn)) return
    warned.add(this.#fn)
    const advice = "to compute in workers, put it in a module (workerModule) or pass { on: 'workers' }"
    process.emitWarning(`'${this.#name}' held the calling thread for ${Math.round(ms)} ms; ${advice}`, {
      type: 'EverycoreWarning',
      code: 'EVERYCORE_HELD',
    })
  }
}
