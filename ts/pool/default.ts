/** The shared pool as users meet it: `defaultPool`, and the functions that configure, warm and close it. */
import type { CloseOptions, PoolOptions } from '../options/interfaces.ts'
import { Pool } from './pool.ts'
import { setShared, shared } from './shared.ts'

/** The pool that verbs use which are given none. In a worker it is the pool that the worker belongs to. */
export const defaultPool: Pool = new Pool(shared)

/**
 * Sets the options of the shared pool, before its first use or after `shutdown`.
 *
 * @throws OptionError for bad options, and when the pool is in use already
 */
export function configure(options: PoolOptions): void {
  setShared(options)
}

/** Closes the shared pool; the next call starts a new one. */
export function shutdown(options?: CloseOptions): Promise<void> {
  return defaultPool.close(options)
}

/** Starts workers of the shared pool, by default all, and resolves when they are up. */
export function warmup(workers?: number): Promise<void> {
  return defaultPool.warmup(workers)
}
