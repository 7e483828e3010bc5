// The options of a pool's own verb on their way to the verb: as the user gave them, unread, with the pool beside them.

import type { PoolHandle } from './pool-brand.ts'

/** Whatever is wrong with the options is then told where all options are read, and not thrown by who passes them on. */
export class InPool {
  readonly #pool: PoolHandle
  readonly options: unknown

  constructor(options: unknown, pool: PoolHandle) {
    this.options = options
    this.#pool = pool
  }

  get pool(): PoolHandle {
    return this.#pool
  }

  /** Asks nothing of the value, which may be a proxy that throws. */
  static is(value: unknown): value is InPool {
    return typeof value === 'object' && value !== null && #pool in value
  }
}
