// Options with a pool added, as the methods of a pool pass them on. They are as good or bad as they were: what is wrong with them is for the verb to tell.

import type { PoolHandle } from './pool-brand.ts'

export function inPool(pool: PoolHandle, options: object | undefined): never {
  return withPool(pool, options) as never
}

function withPool(pool: PoolHandle, options: unknown): unknown {
  if (options === undefined) return { pool }
  if (typeof options !== 'object' || options === null) return options
  try {
    if (Object.getPrototypeOf(options) === Object.prototype) return { ...options, pool }
  } catch {
    // A getter that throws, or a proxy.
  }
  try {
    // What a bag inherits counts too, and its getters are the verb's to run.
    return Array.isArray(options) ? options : copied(pool, options)
  } catch {
    return options
  }
}

function copied(pool: PoolHandle, options: object): object {
  const own = Object.getOwnPropertyDescriptors(options)
  const prototype = Object.getPrototypeOf(options) as object | null
  return Object.create(prototype, { ...own, pool: { value: pool, enumerable: true } }) as object
}
