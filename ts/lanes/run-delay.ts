// How long this thread has waited for a core, on a machine with more to do than cores: that is no function's doing.

import { readFileSync } from 'node:fs'

/** Linux: nanoseconds on a core, nanoseconds waiting for one, turns. */
const SCHEDSTAT = '/proc/thread-self/schedstat'

let isTold = process.platform === 'linux'

/** Ms in all so far; 0 where the system does not tell. Takes some 20 µs. */
export function runDelayMs(): number {
  if (!isTold) return 0
  try {
    return Number(readFileSync(SCHEDSTAT, 'latin1').split(' ')[1]) / 1e6
  } catch {
    isTold = false
    return 0
  }
}
