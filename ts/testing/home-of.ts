/** The home of a pool, for those who look behind it. */
import { OptionError } from '../errors.ts'
import { isPool } from '../options/pool-brand.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { backingOf } from '../pool/backing.ts'
import { defaultPool } from '../pool/default.ts'
import { Home } from '../pool/home.ts'

/** @throws OptionError for what is no pool, and inside a worker, whose pool has its home elsewhere; ClosedError */
export function homeOf(owner: string, pool: PoolHandle = defaultPool): Home {
  if (!isPool(pool)) throw new OptionError(`${owner}: pool must be a pool from createPool(), got ${typeof pool}`)
  const hub = backingOf(pool).hub()
  if (!(hub instanceof Home))
    throw new OptionError(`${owner}: not inside a worker; call it on the thread that owns the pool`)
  return hub
}
