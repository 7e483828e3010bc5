// Warns, once per function, that it held the calling thread for long.

import { performance } from 'node:perf_hooks'

import { warnOnce } from '../warnings.ts'

type AnyFunction = (...args: never[]) => unknown

const longMs = 20
/** Between looks at what the process has used; a look takes about 2 µs. */
const lookMs = 10

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
    if (ms <= longMs || wasPreempted() || ++this.#held * 1000 < this.#calls) return
    const advice = "to compute in workers, put it in a module (workerModule) or pass { on: 'workers' }"
    const hint = (): string => `'${this.#name}' held the calling thread for ${Math.round(ms)} ms; ${advice}`
    warnOnce(this.#fn, 'EVERYCORE_HELD', hint)
  }
}

let lookedAt = -Infinity
let usage = { userCPUTime: 0, systemCPUTime: 0, involuntaryContextSwitches: 0 }

function look(at: number): void {
  lookedAt = at
  usage = process.resourceUsage()
}

/** Whether it was the system that took so long, on a machine with more to do than cores. A call that waits, as for a file, is another matter. */
function wasPreempted(): boolean {
  const { userCPUTime, systemCPUTime, involuntaryContextSwitches } = process.resourceUsage()
  const usedMs = (userCPUTime - usage.userCPUTime + systemCPUTime - usage.systemCPUTime) / 1000
  return usedMs < longMs && involuntaryContextSwitches > usage.involuntaryContextSwitches
}
