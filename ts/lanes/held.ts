// Warns, once per function, that it held the calling thread for long.

import { performance } from 'node:perf_hooks'

const longMs = 20
const warned = new WeakSet<object>()

/** The clock of the caller lane's calls, in ms. */
export const now: () => number = () => performance.now()

/** Told how long the part of a call before its first `await` took. */
export function noteHeld(fn: object, name: string, ms: number): void {
  if (ms <= longMs || warned.has(fn)) return
  warned.add(fn)
  process.emitWarning(`${name} held the calling thread for ${Math.round(ms)} ms; to compute in workers, put it in a module (workerModule) or pass { on: 'workers' }`, {
    type: 'EverycoreWarning',
    code: 'EVERYCORE_HELD',
  })
}
