/** How a pool is, for whoever asks on any of its threads, and for whoever listens. */
import type { NativeHome } from '../binding.ts'
import { healthChanged } from '../events/pools.ts'
import type { PoolHealth } from '../events/pools.ts'
import { HEALTHS } from '../ledger/figures.ts'
import { log } from './log.ts'

export class Health {
  readonly #pool: string
  readonly #native: NativeHome
  #now: PoolHealth = 'ok'

  constructor(pool: string, native: NativeHome) {
    this.#pool = pool
    this.#native = native
  }

  /** It is so now, and perhaps was before. */
  is(health: PoolHealth): void {
    if (health === this.#now) return
    this.#now = health
    this.#native.setHealth(HEALTHS.indexOf(health))
    healthChanged({ pool: this.#pool, health })
    log('pool %s: %s', this.#pool, health)
  }
}
