/** What `stats` and `metrics` give: how a pool stands, and what became of its jobs, by name. */
import { addon } from '../binding.ts'
import type { PoolHealth } from '../events/pools.ts'

/** The workers of a pool. */
export interface WorkerStats {
  /** Run something. */
  readonly busy: number
  /** Wait for work. */
  readonly idle: number
  /** On their way up. */
  readonly starting: number
  /** Started so far. */
  readonly started: number
  /** Those of them that died, by their own doing or because an item had to be stopped, and not for having been idle or having served long enough. */
  readonly replaced: number
}

/** How a pool stands at this moment. */
export interface PoolStats {
  readonly health: PoolHealth
  readonly workers: WorkerStats
  /** Items and calls that no worker has taken yet. */
  readonly queueLength: number
  /** Items and calls that workers have taken and that have not ended. */
  readonly running: number
  /** Native threads; 0 until they are needed. */
  readonly nativeThreads: number
}

/** A distribution of times, in ms; all 0 where there were none. */
export interface Durations {
  /** Exactly. */
  readonly mean: number
  /** The median; this one, `p90` and `p99` to within 1 %. */
  readonly p50: number
  readonly p90: number
  readonly p99: number
  readonly max: number
}

/** What became of the items of one name: of a map each item, of `run` each call, of `par` each function. */
export interface FunctionMetrics {
  /** Items handed to a lane so far. */
  readonly total: number
  /** Those that ended with a result. An item counts once, by its last attempt. */
  readonly completed: number
  /** Those that ended with an error, or with their worker. */
  readonly failed: number
  /** Those that were cancelled, before or while they ran. */
  readonly cancelled: number
  /** Those that ran out of time. */
  readonly timedOut: number
  /** Attempts that were made because another had failed. */
  readonly retried: number
  /**
   * How long attempts ran that ended by themselves. Of those that run on a caller the first 64 are timed, then one in 64; in a worker, items of less
   * than 20 µs are timed several at a time, and the mean of these counts for each.
   */
  readonly runMs: Durations
  /** How long items waited for their first attempt. */
  readonly waitMs: Durations
}

/** How a pool stands, and what became of its jobs since it was opened. */
export interface PoolMetrics extends PoolStats {
  /** By job name: the `name` option, or the function's name. Names beyond the first thousand stand together as `(others)`. */
  readonly functions: Readonly<Record<string, FunctionMetrics>>
}

const noWorkers: WorkerStats = Object.freeze({ busy: 0, idle: 0, starting: 0, started: 0, replaced: 0 })
const notOpen: PoolStats = Object.freeze({
  health: 'ok',
  workers: noWorkers,
  queueLength: 0,
  running: 0,
  nativeThreads: 0,
})

/** As the addon keeps them, so that every thread of a pool is told the same. */
export const HEALTHS: readonly PoolHealth[] = ['ok', 'memory', 'failing']

/** `pool` is the number of an open pool; a pool that was never used, or is closed, has nothing. */
export function statsOf(pool: number | undefined): PoolStats {
  const figures = pool === undefined ? null : addon.poolFigures(pool)
  if (figures === null) return notOpen
  const { busy, idle, starting, started, replaced, queued, running, nativeThreads } = figures
  return {
    health: HEALTHS[figures.health] as PoolHealth,
    workers: { busy, idle, starting, started, replaced },
    queueLength: queued,
    running,
    nativeThreads,
  }
}
