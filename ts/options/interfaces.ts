// The options of each verb as users write them: meaning, unit, bounds and default of every field.

import type { PoolHandle } from './pool-brand.ts'

/** What becomes of failures: every item runs and a `ParallelError` tells all; the first failure ends the job; the error stands in the failed item's place. */
export type OnError = 'collect' | 'stop' | 'return'

export type Priority = 'high' | 'normal' | 'low'

/** How often and when a failed attempt is repeated. */
export interface RetryOptions {
  /** Attempts after the first: an integer from 0, or `Infinity`. */
  times: number
  /** Ms to wait before the next attempt, or a function of the attempt that failed (from 1). @default 0 */
  delay?: number | ((attempt: number) => number) | undefined
  /** Whether this error is worth another attempt; a throw in it becomes the item's failure. @default every error is */
  when?: ((error: unknown) => boolean) | undefined
}

/** How far a map is; see `onProgress`. */
export interface ProgressReport {
  /** Items that have finished, failed ones included. */
  readonly done: number
  /** Those of them that failed. */
  readonly failed: number
  /** How many there are, `undefined` while the source has not told. */
  readonly total: number | undefined
}

/** What every verb takes. `U` is the type of `ctx.use`. */
export interface CallOptions<U extends object = object> {
  /** Ms per attempt from the start of its run, above 0, at most 2,147,483,647 (24.8 days). In a worker it stops even an endless loop. @default none */
  timeout?: number | undefined
  /** Attempts after the first, or when to make them. @default 0 */
  retries?: number | RetryOptions | undefined
  /** Ends the job: it rejects with the signal's reason at once, as `fetch` does. @default none */
  signal?: AbortSignal | undefined
  /** Ms between asking a running item to stop and stopping it, from 0. @default 100 */
  grace?: number | undefined
  /** Which waiting work a free worker takes first; low is never starved. @default 'normal' */
  priority?: Priority | undefined
  /** Values for `ctx.use`, sent once per worker and call; functions in it ship by the rules of the main function. @default {} */
  use?: U | undefined
  /** A label of your own, seen in the context, errors, metrics and events. @default {} */
  metadata?: Readonly<Record<string, unknown>> | undefined
  /** The job's name in errors, metrics and events; not empty. @default the function's name */
  name?: string | undefined
  /** Where the function runs. @default a property of the function: plain async on the caller, all else in workers */
  on?: 'caller' | 'workers' | undefined
  /** The pool whose workers run it. @default the shared pool */
  pool?: PoolHandle | undefined
}

/** The options of `run`. */
export interface RunOptions<U extends object = object> extends CallOptions<U> {
  /** Ms the call may wait before it starts, above 0, at most 2,147,483,647. @default none */
  queueTimeout?: number | undefined
  /** ArrayBuffers to move instead of copying; they are detached at once. @default [] */
  transfer?: readonly ArrayBuffer[] | undefined
}

/** The options of `par`. */
export interface ParOptions<U extends object = object> extends CallOptions<U> {
  /** What becomes of failures; `'return'` drops them like results, and only `settled()` tells. @default 'collect' */
  onError?: OnError | undefined
  /** Ms that each function may wait before it starts, above 0, at most 2,147,483,647. @default none */
  queueTimeout?: number | undefined
}

/** The options of `parMap`. */
export interface ParMapOptions<U extends object = object> extends CallOptions<U> {
  /** Items in flight: 1 to 1,000,000 or `Infinity`; 0 runs in order on the caller. @default 32 on the caller, the number of workers in workers */
  concurrency?: number | undefined
  /** What becomes of failures. @default 'collect' */
  onError?: OnError | undefined
  /** `false` gives results as they complete. @default true */
  preserveOrder?: boolean | undefined
  /** Items per hand-off to a worker: 1 to 1,000,000; `'auto'` measures the function. @default 'auto' */
  chunk?: number | 'auto' | undefined
  /** Called at most 20 times a second and once at the end. What it throws ends the job and is its rejection. @default none */
  onProgress?: ((progress: ProgressReport) => void) | undefined
}

/** The options of `lazyParMap`. */
export interface LazyParMapOptions<U extends object = object> extends Omit<ParMapOptions<U>, 'onError'> {
  /** What becomes of failures: the first is thrown at its turn and ends the flow, or each is yielded in its item's place. @default 'stop' */
  onError?: Exclude<OnError, 'collect'> | undefined
  /**
   * Items pulled and not yet yielded, running ones included: from 1; `Infinity` or 0 for any number. Less than `concurrency` lowers that.
   * @default 'auto': on the caller `concurrency`; in workers as many as keep them busy, at most 16,384 items or 8 MiB
   */
  buffer?: number | 'auto' | undefined
}

/** How items are put into batches. */
export interface BatchesOptions {
  /** Items of a full batch: 1 to 1,000,000, or `Infinity` for those that `every` makes. @default 10 */
  size?: number | undefined
  /** Ms after which a batch that is not full goes all the same, where the source makes one wait; above 0, at most 2,147,483,647. @default never */
  every?: number | undefined
}

/** The options of `batch`: time limits, retries and `chunk` speak of batches, `onProgress` counts items. */
export interface BatchOptions<U extends object = object> extends ParMapOptions<U>, BatchesOptions {
  /** Batches in flight: 1 to 1,000,000 or `Infinity`; 0 runs in order on the caller. @default 4 */
  concurrency?: number | undefined
}

/** The options of `pool.broadcast`. */
export interface BroadcastOptions {
  /** Whether workers that start later make the call too, before their first item. @default false */
  sticky?: boolean | undefined
}

/** Limits of the queue of waiting `run` calls. */
export interface QueueLimits {
  /** Waiting calls: 1 to 4,294,967,295. @default 1_000_000 */
  calls?: number | undefined
  /** Bytes of waiting arguments: from 1. @default 1_073_741_824 (1 GiB) */
  bytes?: number | undefined
}

/** When a worker is replaced by a fresh one, between two items. */
export interface RecycleOptions {
  /** After so many items, from 1. @default never */
  jobs?: number | undefined
  /** After so many ms of life, above 0. @default never */
  ms?: number | undefined
  /** When its heap holds more than so many bytes, from 1,048,576. @default never */
  heap?: number | undefined
}

/** V8's limits for each worker, in MB as in `node:worker_threads`. They are best effort: one huge allocation may still end the process. */
export interface WorkerLimits {
  /** From 16. */
  maxOldGenerationSizeMb?: number | undefined
  /** From 1. */
  maxYoungGenerationSizeMb?: number | undefined
  /** From 16. */
  codeRangeSizeMb?: number | undefined
  /** 1 to 1,024. @default 4 */
  stackSizeMb?: number | undefined
}

/** The options of `createPool` and `configure`. */
export interface PoolOptions {
  /** Worker threads: 1 to 1,024. @default cpuCount() */
  workers?: number | undefined
  /** Workers kept alive when there is nothing to do: 0 to `workers`. @default 0 */
  minWorkers?: number | undefined
  /** Ms after which an idle worker leaves, from 0, or `Infinity`. @default 30_000 */
  idleTimeout?: number | undefined
  /** Waiting calls, or calls and bytes. @default { calls: 1_000_000, bytes: 1_073_741_824 } */
  maxQueue?: number | QueueLimits | undefined
  /** What a call does that finds the queue full. @default 'reject' */
  whenFull?: 'reject' | 'wait' | undefined
  /** A module's URL, or a function, run in each worker before its first item. @default none */
  setup?: URL | string | (() => unknown) | undefined
  resourceLimits?: WorkerLimits | undefined
  recycleAfter?: RecycleOptions | undefined
  /**
   * Bytes that the process may hold (its resident set), from 1,048,576: above them new work waits and workers are replaced, until it holds less. One worker at
   * a time goes on whatever the process holds. @default Infinity
   */
  memoryLimit?: number | undefined
  /** Threads without JavaScript for `native` functions: 1 to 1,024; they start when first needed. @default cpuCount() */
  nativeThreads?: number | undefined
  /** Bytes of each native thread's stack: 262,144 to 1,073,741,824. @default the system's, usually 2 MiB */
  stackSize?: number | undefined
  /** The pool's name in metrics, events and thread names; not empty. @default 'everycore' */
  name?: string | undefined
  /** Environment of the workers. @default the caller's, as it is when a worker's thread starts */
  env?: Readonly<Record<string, string | undefined>> | undefined
  /** Node's flags for the workers; what no worker can take is left out, with a warning. @default the process's own, without those a worker cannot take */
  execArgv?: readonly string[] | undefined
  /** Where tasks' standard output goes: the process's own, nowhere, or a stream. @default true */
  stdout?: boolean | NodeJS.WritableStream | undefined
  /** Where tasks' standard error goes: the process's own, nowhere, or a stream. @default true */
  stderr?: boolean | NodeJS.WritableStream | undefined
}

/** How `close` and `shutdown` end a pool. */
export interface CloseOptions {
  /** Ms to wait for work that is queued or running; what is left then is cancelled. @default Infinity */
  timeout?: number | undefined
  /** Cancel what is queued or running at once. @default false */
  cancelPending?: boolean | undefined
}
