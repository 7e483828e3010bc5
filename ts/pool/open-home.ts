/** From a pool's settings to its home. */
import { cpuCount } from '../cpu-count.ts'
import { describeSetup } from '../functions.ts'
import type { PoolSettings } from '../options/settings.ts'
import { Home } from './home.ts'

/**
 * Checks now what it takes to open a home; opens it when called.
 *
 * @throws OptionError, CaptureError
 */
export function opener(settings: PoolSettings): () => Home {
  const setup = settings.setup === undefined ? undefined : describeSetup(settings.setup)
  return () => new Home(settings, settings.workers ?? cpuCount(), setup)
}
