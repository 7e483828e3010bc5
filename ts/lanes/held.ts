// Warns, once per function, that it held the calling thread for long.

import { performance } from 'node:perf_hooks'

import { warnOnce } from '../warnings.ts'
import { runDelayMs } from './run-delay.ts'

type AnyFunction = (...args: never[]) => unknown

const longMs = 20
/** Between looks at how long the thread has waited for a core. */
const lookMs = 100

/** The clock of the caller lane's calls, in ms. */
export const now: () => number = () => performance.now()

/** Watches how long a function's calls last until their first `await`. */
export class HoldWatch {
  readonly #fn: AnyFunction
  readonly #name: string
  #calls = 0
  #held = 0

  constructor(fn: AnyFunction, name: string) {
    this.#fn = fn
    this.#name = name
  }

  /** A call begins. */
  begin(at: number): void {
    if (at - lookedAt > lookMs) look(at)
  }

  /** A pause that meets one call in thousands (a collection, another process) is not the function's doing. */
  note(ms: number): void {
    this.#calls++
    if (ms <= longMs) return
    const own = ms - delaySinceLook()
    if (own <= longMs || ++this.#held * 1000 < this.#calls) return
    const advice = "to compute in workers, put it in a module (workerModule) or pass { on: 'workers' }"
    const hint = (): string => `'${this.#name}' held the calling thread for ${Math.round(own)} ms; ${advice}`
    warnOnce(`${this.#name}\0${sourceOf(this.#fn)}`, 'EVERYCORE_HELD', hint)
  }
}

const toString = Function.prototype.toString

/** A proxy of a function has no source. */
function sourceOf(fn: AnyFunction): string {
  try {
    return toString.call(fn)
  } catch {
    return ''
  }
}

let lookedAt = -Infinity
let delayedBefore = 0

function look(at: number): void {
  lookedAt = at
  delayedBefore = runDelayMs()
}

/** Some of it may have been before the call; then the next call that holds the thread is told of. */
function delaySinceLook(): number {
  return runDelayMs() - delayedBefore
}
