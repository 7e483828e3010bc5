/** A pool as its users hold it: the verbs bound to it, and its end. */
import { batch } from '../batch.ts'
import { broadcast } from '../broadcast.ts'
import { OptionError } from '../errors.ts'
import { statsOf } from '../ledger/figures.ts'
import type { PoolMetrics, PoolStats } from '../ledger/figures.ts'
import { JobStatus } from '../ledger/job-status.ts'
import type { CloseOptions } from '../options/interfaces.ts'
import { makeParIter } from '../iter/par-iter.ts'
import { nativeIn } from '../native/native.ts'
import type { Native } from '../native/native.ts'
import { InPool } from '../options/in-pool.ts'
import { poolBrand } from '../options/pool-brand.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { lazyParMap } from '../lazy-par-map.ts'
import { par } from '../par.ts'
import { parMap } from '../par-map.ts'
import type { ParIterSignature } from '../par-iter.ts'
import type { ParSortSignature } from '../par-sort.ts'
import { call } from '../run.ts'
import { startSort } from '../sort/verb.ts'
import type { BroadcastSignature, RunSignature } from '../types.ts'
import { deskHere } from '../worker/here.ts'
import { backingOf, leaveAll, setBacking } from './backing.ts'
import type { PoolBacking } from './backing.ts'
import { cancelJobs, checkedClose, closeHome } from './closing.ts'
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

  /** `lazyParMap` in this pool. Its flows end when the pool closes, as if their loops had been left. */
  readonly lazyParMap: typeof lazyParMap = ((items: never, fn: never, options: object | undefined) =>
    lazyParMap(items, fn, inside(this, options))) as never

  /** `batch` in this pool. */
  readonly batch: typeof batch = ((items: never, fn: never, options: object | undefined) =>
    batch(items, fn, inside(this, options))) as never
  /** `par` in this pool. */
  readonly par: typeof par = ((fns: never, args: never, options: object | undefined) =>
    par(fns, args, inside(this, options))) as never

  /**
   * Calls `fn(...args)` once in each worker that is there, between its items: before any item that is given to the pool afterwards. Gives the results, in the
   * order of the workers' slots. The function runs in workers whatever it is; the context follows the arguments as for `run`.
   *
   * It starts no worker: where none is up it has nobody to reach and gives `[]`. With `sticky`, workers that start later make the call too, before their first
   * item and after `setup`; one that fails at it does not come up, as if `setup` had failed. A sticky call that fails in a worker that is up is forgotten.
   *
   * @throws ParallelError with the failures of single workers; a worker that dies before it has begun is left out. ClosedError, OptionError, CaptureError.
   * @example
   * ```ts
   * await pool.broadcast((level: string) => { process.env['LOG_LEVEL'] = level }, ['debug'], { sticky: true })
   * ```
   */
  readonly broadcast: BroadcastSignature = ((fn: never, args: never, options: unknown) =>
    broadcast(this, fn, args, options, this.broadcast as never)) as never

  /** How the pool stands at this moment. */
  stats(): PoolStats {
    const hub = backingOf(this).opened()
    if (hub instanceof Home) hub.lookAtMemory()
    return statsOf(hub?.pool)
  }

  /** How the pool stands, and what became of its jobs since it was opened, by name. What runs on a caller counts once its job has ended. */
  metrics(): PoolMetrics {
    return { ...this.stats(), functions: backingOf(this).ledger().functions() }
  }

  /**
   * A job of this pool that this thread has opened, by its id: any that is open, and of those that have ended the last thousand (of plain `run` calls, as many
   * again). For polling; what a job resolved with is not kept.
   */
  job(id: string): JobStatus | undefined {
    const job = backingOf(this).ledger().book.find(id)
    return job === undefined ? undefined : new JobStatus(job)
  }
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
   * Ends the pool: new calls are refused with `ERR_CLOSED`, queued and running ones finish, then the workers end. What runs on the calling thread is not
   * waited for; where the rest is cancelled, it is too.
   * May be called again, from anywhere: all calls resolve when the last thread has ended.
   */
  async close(options: CloseOptions = {}): Promise<void> {
    const checked = checkedClose(options)
    const backing = backingOf(this)
    const ledger = backing.ledger()
    const hub = backing.close()
    leaveAll(this)
    if (hub instanceof Home) await closeHome(hub, ledger, checked)
    // In a worker the shared pool is its home's, and goes on.
    else if (checked.cancelPending === true && deskHere() === undefined) cancelJobs(ledger)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    return this.close({ cancelPending: true })
  }
}

Object.defineProperty(Pool.prototype, poolBrand, { value: true })

export interface Pool extends PoolHandle {}

const plain = new WeakMap<Pool, InPool>()

function inside(pool: Pool, options: unknown): never {
  if (options !== undefined) return new InPool(options, pool) as never
  let none = plain.get(pool)
  if (none === undefined) plain.set(pool, (none = new InPool(undefined, pool)))
  return none as never
}
