/** From a pool's settings to its home. */
import { cpuCount } from '../cpu-count.ts'
import { UnsupportedPlatformError } from '../errors.ts'
import { describeSetup } from '../functions.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { PoolSettings } from '../options/settings.ts'
import { Home } from './home.ts'

/**
 * Checks now what it takes to open a home; opens it when called.
 *
 * @throws OptionError, CaptureError
 */
export function opener(settings: PoolSettings): (ledger: Ledger) => Home {
  const setup = settings.setup === undefined ? undefined : describeSetup(settings.setup)
  return (ledger) => {
    // Asked before a worker is tried, and tried again, in vain.
    if (process.permission?.has('worker') === false) {
      throw new UnsupportedPlatformError(
        'everycore cannot start workers: the permission model denies it; add --allow-worker',
      )
    }
    return new Home(settings, settings.workers ?? cpuCount(), setup, ledger)
  }
}
