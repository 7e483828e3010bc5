/** A pool as its users hold it: the verbs bound to it, and its end. */
import { OptionError } from '../errors.ts'
import type { CloseOptions } from '../options/interfaces.ts'
import { makeParIter } from '../iter/par-iter.ts'
import { nativeIn } from '../native/native.ts'
import type { Native } from '../native/native.ts'
import { poolBrand } from '../options/pool-brand.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { parMap } from '../par-map.ts'
import type { ParIterSignature } from '../par-iter.ts'
import type { ParSortSignature } from '../par-sort.ts'
import { call } from '../run.ts'
import { startSort } from '../sort/verb.ts'
import type { RunSignature } from '../types.ts'
import { backingOf, setBacking } from './backing.ts'
import type { PoolBacking } from './backing.ts'
import { checkedClose, closeHome } from './closing.ts'
import { Home } from './home.ts'

/**
 * A set of workers. Made by `createPool`; they start on first need and leave when they have been idle for long.
 *
 * `await using pool = createPool()` cancels what is left and ends the workers at the end of the block.
 */
// oxlint-disable-next-line no-unsafe-declaration-merging -- a computed brand cannot be declared in a class under isolatedDeclarations
export class Pool {
  /** @internal */
  constructor(backing: PoolBacking) {
    setBacking(this, backing)
  }

  /** Names the pool's threads. */
  get name(): string {
    return backingOf(this).name
  }

  /** Workers at most. */
  get workers(): number {
    return backingOf(this).workers
  }

  /** `run` in this pool. */
  readonly run: RunSignature = ((fn: never, args: never, options: object | undefined) =>
    call(fn, args, inside(this, options), this.run as never)) as never

  /** `parMap` in this pool. */
  readonly parMap: typeof parMap = ((items: never, fn: never, options: object | undefined) =>
    parMap(items, fn, inside(this, options))) as never

  /** `parIter` in this pool. */
  readonly parIter: ParIterSignature = ((source: unknown, options: unknown) =>
    makeParIter({ source, steps: [], options, pool: this })) as never

  /** `parSort` in this pool. */
  readonly parSort: ParSortSignature = ((items: unknown, options: object | undefined) =>
    startSort(items, inside(this, options), this.parSort as never)) as never

  /** `native` on this pool's native threads. A pool used for native work alone starts no workers. */
  readonly native: Native = nativeIn(this)

  /** Starts workers, by default all, and resolves when they are up. Rejects with a `LoadError` when they cannot start. */
  async warmup(workers: number = this.workers): Promise<void> {
    if (!Number.isInteger(workers) || workers < 0)
      throw new OptionError(`warmup: 'workers' must be an integer from 0, got ${String(workers)}`)
    const hub = backingOf(this).hub()
    if (hub instanceof Home) await hub.warmUp(workers)
  }

  /**
   * Ends the pool: new calls are refused with `ERR_CLOSED`, queued and running ones finish, then the workers end.
   * May be called again, from anywhere: all calls resolve when the last thread has ended.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const checked = checkedClose(options)
    const hub = backingOf(this).close()
    if (hub instanceof Home) await closeHome(hub, checked)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    return this.close({ cancelPending: true })
  }
}

Object.defineProperty(Pool.prototype, poolBrand, { value: true })

export interface Pool extends PoolHandle {}

function inside(pool: Pool, options: object | undefined): never {
  return (
    options === undefined || (typeof options === 'object' && options !== null) ? { ...options, pool } : options
  ) as never
}
