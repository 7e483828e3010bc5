/** A pool as its users hold it: the verbs bound to it, and its end. */
import { OptionError } from '../errors.ts'
import { poolBrand } from '../options/pool-brand.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { parMap } from '../par-map.ts'
import { run } from '../run.ts'
import { closeHome } from './closing.ts'
import type { CloseOptions } from './closing.ts'
import { Home } from './home.ts'
import type { Hub } from './hub.ts'

/** How a pool gets at its scheduler: made on first use, gone after `close`. */
export interface PoolBacking {
  /** Throws a `ClosedError` when there will be none any more. */
  hub(): Hub
  /** No new calls from now on; gives what has to be ended. */
  close(): Hub | undefined
  readonly name: string
  readonly workers: number
}

const backings = new WeakMap<Pool, PoolBacking>()

/** The scheduler behind a pool. */
export function hubOf(pool: PoolHandle): Hub {
  return (backings.get(pool as Pool) as PoolBacking).hub()
}

/**
 * A set of workers. Made by `createPool`; they start on first need and leave when they have been idle for long.
 *
 * `await using pool = createPool()` cancels what is left and ends the workers at the end of the block.
 */
export class Pool implements PoolHandle {
  declare readonly [poolBrand]: true

  /** @internal */
  constructor(backing: PoolBacking) {
    backings.set(this, backing)
  }

  get #backing(): PoolBacking {
    return backings.get(this) as PoolBacking
  }

  /** Names the pool's threads. */
  get name(): string {
    return this.#backing.name
  }

  /** Workers at most. */
  get workers(): number {
    return this.#backing.workers
  }

  /** `run` in this pool. */
  readonly run: typeof run = ((fn: never, args: never, options: object | undefined) => run(fn, args, inside(this, options))) as never

  /** `parMap` in this pool. */
  readonly parMap: typeof parMap = ((items: never, fn: never, options: object | undefined) => parMap(items, fn, inside(this, options))) as never

  /** Starts workers, by default all, and resolves when they are up. Rejects with a `LoadError` when they cannot start. */
  async warmup(workers: number = this.workers): Promise<void> {
    if (!Number.isInteger(workers) || workers < 0) throw new OptionError(`warmup: 'workers' must be an integer from 0, got ${String(workers)}`)
    const hub = this.#backing.hub()
    if (hub instanceof Home) await hub.warmUp(workers)
  }

  /**
   * Ends the pool: new calls are refused with `ERR_CLOSED`, queued and running ones finish, then the workers end.
   * May be called again, from anywhere: all calls resolve when the last thread has ended.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const hub = this.#backing.close()
    if (hub instanceof Home) await closeHome(hub, options)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close({ cancelPending: true })
  }
}

Object.defineProperty(Pool.prototype, poolBrand, { value: true })

function inside(pool: Pool, options: object | undefined): never {
  return (options === undefined || (typeof options === 'object' && options !== null) ? { ...options, pool } : options) as never
}
