// What a verb returns: a real promise that also tells how its work goes and can be cancelled.

import { threadId } from 'node:worker_threads'

import type { LaneName } from './lanes/lane.ts'
import { BLANK, keepHiddenClass } from './hidden-class.ts'

export type JobState = 'queued' | 'running' | 'done' | 'failed' | 'cancelled'

/** How far a job is. For `run` there is one item. */
export interface Progress {
  /** Items that have finished, failed ones included. */
  readonly done: number
  /** Those of them that failed. */
  readonly failed: number
  /** How many there are, `undefined` while the source has not told. */
  readonly total: number | undefined
}

/** When things happened, on a clock that never jumps. */
export interface JobTiming {
  /** When the verb was called, in ms since the epoch. */
  readonly createdAt: number
  /** Ms from the call until the first item started, or until now. */
  readonly queuedMs: number
  /** Ms from the first start until the end, or until now. */
  readonly ranMs: number
}

/** The part of a verb's own machinery that its job looks into. Nothing here is called before somebody asks. */
export interface JobControl {
  readonly id: string
  readonly name: string
  readonly lane: LaneName
  readonly state: JobState
  readonly progress: Progress
  readonly metadata: Readonly<Record<string, unknown>>
  readonly timing: JobTiming
  /** Ends the job with `reason`, or with a `CancelledError` for `undefined`. No effect on a settled one. */
  cancel(reason: unknown): void
  /** What became of each item (a map) or of the one call (`run`), given what became of the job. Called once it has settled. */
  outcomes(settled: PromiseSettledResult<unknown>): unknown
}

/** What `settled()` may give for a result type, where it is not known which verb made the job. */
export type AnyOutcomes<R> =
  | PromiseSettledResult<R>
  | (R extends ArrayLike<infer T> ? PromiseSettledResult<T>[] : never)

/** How a job is settled by its verb. */
export interface Settle<R> {
  resolve(value: R): void
  reject(reason: unknown): void
}

const then = Promise.prototype.then
const ignore = (): void => {}

/**
 * A promise of the result; `then`, `catch` and `finally` give plain promises.
 * A job is made by a verb, never by `new`. `Outcomes` is what `settled()` gives: one per item for a map, one for `run`.
 */
export class Job<R, Outcomes = AnyOutcomes<R>> extends Promise<R> {
  static {
    keepHiddenClass(new Job(BLANK, ignore))
  }

  #control: JobControl

  /** @internal */
  constructor(control: JobControl, executor: (resolve: (value: R) => void, reject: (reason: unknown) => void) => void) {
    super(executor)
    this.#control = control
  }

  /** Names this job in errors, events and `pool.job(id)`; never used twice in a process. */
  get id(): string {
    return this.#control.id
  }

  /** The `name` option, or the function's name. */
  get name(): string {
    return this.#control.name
  }

  /** Where the function runs. */
  get lane(): LaneName {
    return this.#control.lane
  }

  get state(): JobState {
    return this.#control.state
  }

  get progress(): Progress {
    return this.#control.progress
  }

  /** The `metadata` option. */
  get metadata(): Readonly<Record<string, unknown>> {
    return this.#control.metadata
  }

  get timing(): JobTiming {
    return this.#control.timing
  }

  /**
   * Ends the job: nothing queued starts any more, what runs sees `ctx.signal` and is stopped after `grace`.
   * The job rejects at once with `reason`, by default a `CancelledError`; that rejection counts as handled.
   */
  cancel(reason?: unknown): void {
    this.#handled()
    this.#control.cancel(reason)
  }

  /**
   * What became of each item; never rejects. What did not run is rejected with the job's own reason.
   * Where the number of items was not known, one outcome stands for all that were never pulled.
   */
  settled(): Promise<Outcomes> {
    const fulfilled = (value: R): unknown => this.#control.outcomes({ status: 'fulfilled', value })
    const rejected = (reason: unknown): unknown => this.#control.outcomes({ status: 'rejected', reason })
    return then.call(this, fulfilled as never, rejected) as Promise<Outcomes>
  }

  // A rejection that was asked for must not end the process.
  #handled(): void {
    then.call(this, undefined, ignore)
  }
}

// `await` and `Promise.all` look at `constructor`: finding `Promise` they take the engine's short way (243 ns instead of 742).
Object.defineProperty(Job.prototype, 'constructor', { value: Promise, writable: true, configurable: true })

// The executor's two functions, kept here for the moment between `super` and the return of `startJob`: cheaper than a closure per job.
let lastResolve: (value: never) => void = ignore
let lastReject: (reason: unknown) => void = ignore
const keep = (resolve: (value: never) => void, reject: (reason: unknown) => void): void => {
  lastResolve = resolve
  lastReject = reject
}

/** A pending job and the two functions that settle it. */
export function startJob<R, Outcomes>(control: JobControl): { job: Job<R, Outcomes> } & Settle<R> {
  const job = new Job<R, Outcomes>(control, keep as never)
  const settle = { job, resolve: lastResolve as (value: R) => void, reject: lastReject }
  // They hold the job, which holds its results.
  lastResolve = ignore
  lastReject = ignore
  return settle
}

const threadName = threadId === 0 ? '' : `${threadId}.`
let jobs = 0

/** A fresh job id. Threads of one process count apart, so the thread stands in it. */
export function nextJobId(): string {
  return `${threadName}${++jobs}`
}
