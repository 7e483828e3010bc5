/** The pool that a thread shares: made by its first call, with the options it was configured with; made anew after it was closed. */
import { cpuCount } from '../cpu-count.ts'
import { OptionError } from '../errors.ts'
import { Ledger } from '../ledger/ledger.ts'
import { normalisePool } from '../options/normalise-pool.ts'
import type { PoolSettings } from '../options/settings.ts'
import { deskHere } from '../worker/here.ts'
import type { PoolBacking } from './backing.ts'
import type { Hub } from './hub.ts'
import { opener } from './open-home.ts'

let settings: PoolSettings | undefined
let hub: Hub | undefined
/** Of the pool that is open, or will be: what runs on the caller is counted before. */
let ledger: Ledger | undefined

export const shared: PoolBacking = {
  get name() {
    return deskHere()?.pool.name ?? settings?.name ?? 'everycore'
  },
  get workers() {
    return deskHere()?.pool.workers ?? settings?.workers ?? cpuCount()
  },
  ledger(): Ledger {
    return (ledger ??= deskHere()?.guestHub().ledger ?? new Ledger(shared.name))
  },
  opened: () => hub,
  /** It opens again. */
  checkOpen: () => {},
  /** In a worker the pool that the worker belongs to. */
  hub(): Hub {
    return (hub ??=
      deskHere()?.guestHub() ?? opener((settings ??= normalisePool('configure', undefined)))(shared.ledger()))
  },
  close(): Hub | undefined {
    const open = hub
    if (deskHere() === undefined) hub = ledger = undefined
    return open
  },
}

/** @throws OptionError also when it is too late */
export function setShared(options: unknown): void {
  const next = normalisePool('configure', options)
  if (deskHere() !== undefined)
    throw new OptionError(
      'configure: a worker shares the pool it belongs to; configure it on the thread that owns the pool',
    )
  if (hub !== undefined)
    throw new OptionError(
      'configure: the shared pool is in use already; call configure before the first call, or after shutdown()',
    )
  opener(next)
  settings = next
  ledger = undefined
}
