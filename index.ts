/**
 * Run any function on every core.
 *
 * This file lists the public names; each is explained where it is defined.
 */
export { batch } from './ts/batch.ts'
export { batches } from './ts/batches.ts'
export { cpuCount } from './ts/cpu-count.ts'
export { currentTask } from './ts/context.ts'
export {
  CancelledError,
  CaptureError,
  ClosedError,
  EverycoreError,
  LoadError,
  NotCloneableError,
  OptionError,
  OutOfMemoryError,
  ParallelError,
  PayloadTooLargeError,
  QueueFullError,
  QueueTimeoutError,
  registerError,
  TaskError,
  taskInfo,
  TimeoutError,
  UnsupportedPlatformError,
  WorkerExitError,
} from './ts/errors.ts'
export { lazyParMap } from './ts/lazy-par-map.ts'
export { isWorker } from './ts/is-worker.ts'
export { native } from './ts/native/native.ts'
export { parChunks } from './ts/par-chunks.ts'
export { parIter } from './ts/par-iter.ts'
export { par } from './ts/par.ts'
export { parMap } from './ts/par-map.ts'
export { parSort } from './ts/par-sort.ts'
export { createPool } from './ts/pool/create.ts'
export { configure, defaultPool, shutdown, warmup } from './ts/pool/default.ts'
export { range } from './ts/range.ts'
export { run } from './ts/run.ts'
export { share } from './ts/share/share.ts'
export { task } from './ts/task.ts'
export { workerModule } from './ts/worker-module.ts'
export { zip } from './ts/zip.ts'

export type { ItemMessage, JobEndMessage, JobOpenMessage } from './ts/events/jobs.ts'
export type { HealthMessage, PoolHealth } from './ts/events/pools.ts'
export type { StrayMessage, WorkerEndMessage, WorkerMessage } from './ts/events/workers.ts'
export type { TaskContext } from './ts/context.ts'
export type { ErrorClass, Failure, TaskInfo } from './ts/errors.ts'
export type { Flow } from './ts/flow/flow.ts'
export type { Job, JobState, JobTiming, Progress } from './ts/job.ts'
export type { Native, SumOf } from './ts/native/native.ts'
export type { HashAlgorithm } from './ts/native/algorithms.ts'
export type { NativeOptions, NativeSortOptions, NativeWordOptions } from './ts/native/options.ts'
export type { LaneName } from './ts/lanes/lane.ts'
export type { Durations, FunctionMetrics, PoolMetrics, PoolStats, WorkerStats } from './ts/ledger/figures.ts'
export type { JobStatus } from './ts/ledger/job-status.ts'
export type {
  BatchesOptions,
  BatchOptions,
  BroadcastOptions,
  CallOptions,
  CloseOptions,
  LazyParMapOptions,
  OnError,
  ParMapOptions,
  ParOptions,
  PoolOptions,
  Priority,
  ProgressReport,
  QueueLimits,
  RetryOptions,
  RunOptions,
  WorkerLimits,
} from './ts/options/interfaces.ts'
export type { Pool } from './ts/pool/pool.ts'
export type { ParIterOptions } from './ts/iter/options.ts'
export type { Folded, ParIter } from './ts/iter/par-iter.ts'
export type { ParIterSignature } from './ts/par-iter.ts'
export type { Range } from './ts/range.ts'
export type { ParSortSignature } from './ts/par-sort.ts'
export type { SortByOptions, SortCompareOptions, SortKey } from './ts/sort/options.ts'
export type { ModuleSelf } from './ts/task.ts'
export type { Context, MapJob, RunJob, WorkerFunction, WorkerModule } from './ts/types.ts'
