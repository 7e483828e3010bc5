/** `createPool`: a pool of its own, beside the shared one. */
import { cpuCount } from '../cpu-count.ts'
import { ClosedError } from '../errors.ts'
import { Ledger } from '../ledger/ledger.ts'
import type { PoolOptions } from '../options/interfaces.ts'
import { normalisePool } from '../options/normalise-pool.ts'
import type { Home } from './home.ts'
import type { Hub } from './hub.ts'
import { opener } from './open-home.ts'
import { Pool } from './pool.ts'

/**
 * Returns at once; workers start on first need. Worth it for other limits, another environment, or a `setup`; otherwise the shared pool will do.
 *
 * @throws OptionError
 */
export function createPool(options?: PoolOptions): Pool {
  const settings = normalisePool('createPool', options)
  const open = opener(settings)
  const workers = settings.workers ?? cpuCount()
  const ledger = new Ledger(settings.name)
  let hub: Home | undefined
  let closed = false
  const checkOpen = (): void => {
    if (closed) throw new ClosedError(`pool '${settings.name}' is closed`)
  }
  return new Pool({
    name: settings.name,
    workers,
    ledger: () => ledger,
    opened: () => (closed ? undefined : hub),
    checkOpen,
    hub(): Hub {
      checkOpen()
      return (hub ??= open(ledger))
    },
    close(): Hub | undefined {
      closed = true
      return hub
    },
  })
}
