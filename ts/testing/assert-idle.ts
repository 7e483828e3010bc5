/** `assertIdle`: nothing that a test has started is left. */
import { AssertionError } from 'node:assert'
import { OptionError } from '../errors.ts'
import type { TrackedJob } from '../ledger/job-status.ts'
import { statsOf } from '../ledger/figures.ts'
import { isPool } from '../options/pool-brand.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { allBackings, backingOf } from '../pool/backing.ts'
import type { PoolBacking } from '../pool/backing.ts'
import { Home } from '../pool/home.ts'

/** Jobs that a message names. */
const NAMED = 10

/**
 * Checks that nothing is pending: no job or flow is open, nothing is queued, and no worker still runs what was cancelled or ran out of time.
 *
 * @param pool by default every pool of this thread
 * @throws AssertionError that names what is left; OptionError
 * @example
 * ```ts
 * afterEach(() => assertIdle())
 * ```
 */
export function assertIdle(pool?: PoolHandle): void {
  if (pool !== undefined && !isPool(pool))
    throw new OptionError(`assertIdle: pool must be a pool from createPool(), got ${typeof pool}`)
  const pending = (pool === undefined ? allBackings() : [backingOf(pool)]).flatMap(pendingIn)
  if (pending.length === 0) return
  const message = `assertIdle: ${pending.join('; ')}`
  throw new AssertionError({ message, actual: pending, expected: [], operator: 'assertIdle', stackStartFn: assertIdle })
}

function pendingIn(backing: PoolBacking): string[] {
  const { name } = backing
  const pending: string[] = []
  const jobs = [...backing.ledger().book.open()]
  if (jobs.length > 0)
    pending.push(
      `${count(jobs.length, 'job')} of pool '${name}' ${jobs.length === 1 ? 'is' : 'are'} open: ${list(jobs)}`,
    )
  const hub = backing.opened()
  const { running } = statsOf(hub?.pool)
  // What was cancelled has settled, and may run on for its grace.
  if (jobs.length > 0 || !(hub instanceof Home) || hub.native.quiet()) return pending
  const workers = hub.native.runningSlots().join(', ')
  pending.push(
    running > 0
      ? `${count(running, 'item')} in pool '${name}'`
      : `what was stopped still runs in worker ${workers} of pool '${name}'`,
  )
  return pending
}

function list(jobs: readonly TrackedJob[]): string {
  const named = jobs.slice(0, NAMED).map(({ name, id, state }) => `'${name}' (${id}, ${state})`)
  return named.join(', ') + (jobs.length > NAMED ? ` and ${jobs.length - NAMED} more` : '')
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`
}
