import type { PoolHandle } from '../options/pool-brand.ts'

/** The options of native work, checked and filled in. Apart, because users' declarations reach it: what imports the addon must not be on the way. */
export interface WorkSettings {
  readonly signal: AbortSignal | undefined
  readonly pool: PoolHandle | undefined
}
