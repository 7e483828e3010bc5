// The narrow waist between the map engine and the places where items run: an engine pushes numbered items, a lane hands back one outcome each.

import type { RowSource } from '../map/source.ts'

/** Where a function runs: on the calling thread, in worker threads, or on native threads without JS. */
export type LaneName = 'caller' | 'workers' | 'native'

/** What is known about one failed attempt of an item. */
export interface ItemReport {
  /** From 1. */
  attempt: number
  /** Milliseconds between the push and the start of the first attempt. */
  queuedMs: number
  /** Milliseconds this attempt ran. */
  ranMs: number
  /** The worker's slot, `null` on the caller. */
  worker: number | null
}

/** What a lane tells its engine. Each pushed item is answered once per attempt, by `value` or by `error`. */
export interface LaneSink {
  /** The item's one good outcome. */
  value(index: number, value: unknown): void
  /** The same for items that follow one another: `count` numbers, from `from` on in memory that is reused after the call. */
  row(index: number, cells: Float64Array, from: number, count: number): void
  /** The same of any values, from the index `index` on. Where a sink has no way of its own, they come one by one. */
  values?(index: number, values: readonly unknown[]): void
  /** The good outcomes of `count` elements, whose results are where they belong: of a lane that was opened with elements. */
  span?(first: number, count: number): void
  /** A failed attempt; the engine answers with `again` or `forget` if the lane was opened with retries. */
  error(index: number, error: unknown, report: ItemReport | undefined): void
  /** The lane accepts items again after `room()` had returned 0. */
  room(): void
  /** The whole job cannot go on (its pool closed, its module does not load): it rejects with `reason`. Nothing may follow. */
  fail(reason: unknown): void
  /** The job's pool is closed: it ends as cancelled, and nobody need handle that. */
  cancelled(reason: unknown): void
}

/** A place that runs items. Nothing in it knows about sources, results, policies or signals. */
export interface Lane {
  readonly name: LaneName
  /** `running` once an item has started. */
  readonly state: 'queued' | 'running'
  /** When the first item started, as `performance.now()` of this thread told it; `undefined` before. */
  readonly startedAt: number | undefined
  /** How many items may be pushed now; 0 is full. */
  room(): number
  /** How many items a lazy map should hold for a start, running ones included. */
  readonly ahead: number
  /** About how many bytes an item takes on its way or as a result, as far as that is known; 0 where nothing is copied. */
  readonly weight: number
  /** Throws when this one item cannot be sent; it then counts as failed and is never retried. May answer the sink before it returns. */
  push(index: number, item: unknown): void
  /** Takes items that follow one another and are of one kind, `most` at most, and says how many it took; 0 where something else comes next. */
  pushRow?(index: number, source: RowSource, most: number): number
  /** Instead of pushes: takes up to `most` items from the index `first` on, straight from their array, and says how many; 0 is the end. */
  take?(first: number, most: number): number
  /** The end of a slice of pushes: hand over what was collected. */
  flush(): void
  /** Runs a failed item once more; at most once per failure. */
  again(index: number): void
  /** A failed item will not run again. */
  forget(index: number): void
  /** Nothing queued starts any more; what runs sees `ctx.signal`, then is stopped after `grace`. The sink hears nothing afterwards. */
  abort(reason: unknown): void
  /** The job has settled: free everything. */
  close(): void
}

/** How the function is called: `(item, index, ctx)`, `(...item, index, ctx)`, or `(...item)` with `ctx` after them where that is called for. */
export type CallShape = 'item' | 'spread' | 'arguments'
