/** The shared pool of the calling thread: configured before its first use, started by it, and started anew after a shutdown. */
import { cpuCount } from '../cpu-count.ts'
import { OptionError } from '../errors.ts'
import type { PoolOptions } from '../options/interfaces.ts'
import { normalisePool } from '../options/normalise-pool.ts'
import type { PoolSettings } from '../options/settings.ts'
import { deskHere } from '../worker/here.ts'
import type { CloseOptions } from './closing.ts'
import { opener } from './create.ts'
import type { Hub } from './hub.ts'
import { Pool } from './pool.ts'

let settings: PoolSettings | undefined
let hub: Hub | undefined

/** The pool that verbs use which are given none. In a worker it is the pool that the worker belongs to. */
export const defaultPool: Pool = new Pool({
  get name() {
    return settings?.name ?? 'everycore'
  },
  get workers() {
    return settings?.workers ?? cpuCount()
  },
  hub(): Hub {
    return (hub ??= deskHere()?.guestHub() ?? opener((settings ??= normalisePool('configure', undefined)))())
  },
  close(): Hub | undefined {
    const open = hub
    // The next call starts a new one, with the same settings.
    if (deskHere() === undefined) hub = undefined
    return open
  },
})

/**
 * Sets the options of the shared pool, before its first use.
 *
 * @throws OptionError for bad options and when the pool is in use already
 */
export function configure(options: PoolOptions): void {
  const next = normalisePool('configure', options)
  if (deskHere() !== undefined) throw new OptionError('configure: a worker shares the pool it belongs to; configure it on the thread that owns the pool')
  if (hub !== undefined) throw new OptionError('configure: the shared pool is in use already; call configure before the first call, or after shutdown()')
  opener(next)
  settings = next
}

/** Closes the shared pool; the next call starts a new one. */
export function shutdown(options?: CloseOptions): Promise<void> {
  return defaultPool.close(options)
}

