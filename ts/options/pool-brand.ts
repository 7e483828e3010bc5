// How a pool is told from anything else, also across realms and across two copies of the package.

/** The key under which every pool stands as `true`. */
export const poolBrand: unique symbol = Symbol.for('everycore.pool') as never

/** As much of a pool as an option needs to know. */
export interface PoolHandle {
  readonly [poolBrand]: true
}

export function isPool(value: unknown): value is PoolHandle {
  return typeof value === 'object' && value !== null && (value as Partial<PoolHandle>)[poolBrand] === true
}
