/** The calls of one `par`: runs every function, keeps how each ended, settles the job once. */
import { reasonOf, unlisten } from '../abort-signal.ts'
import { singleCall, limitQueue } from '../calls/single.ts'
import { standAt } from '../call-site.ts'
import type { CallSite } from '../call-site.ts'
import { CancelledError, ParallelError, taskInfo } from '../errors.ts'
import type { Failure } from '../errors.ts'
import { JobClock } from '../job-clock.ts'
import type { JobControl, JobState, JobTiming, Progress } from '../job.ts'
import type { LaneName } from '../lanes/lane.ts'
import type { ResolvedLane } from '../lanes/resolve.ts'
import type { TrackedJob } from '../ledger/job-status.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { MapRun } from '../map/map-run.ts'
import type { ParSettings } from '../options/settings.ts'
import { startParJob, tellUnwatched } from './par-job.ts'
import type { ParJob, ParOutcomes } from './par-job.ts'

const then = Promise.prototype.then

export interface ParPlan {
  readonly id: string
  readonly site: CallSite
  readonly settings: ParSettings
  readonly ledger: Ledger
  readonly args: readonly unknown[]
  readonly calls: readonly { readonly name: string; readonly lane: ResolvedLane }[]
}

export class ParRun implements JobControl, TrackedJob {
  readonly job: ParJob
  readonly #plan: ParPlan
  readonly #resolve: () => void
  readonly #reject: (reason: unknown) => void
  readonly #clock = new JobClock()
  readonly #calls: readonly MapRun<unknown, unknown>[]
  readonly #ended: Array<PromiseSettledResult<void> | undefined>
  readonly #failures: Failure[] = []
  #left: number
  /** In sequential mode: the call whose turn it is. */
  #turn = 0
  #callOff: (() => void) | undefined
  #final: 'done' | 'failed' | 'cancelled' | undefined
  #reason: unknown

  constructor(plan: ParPlan) {
    this.#plan = plan
    const { id, site, args } = plan
    // The signal is the job's affair: it ends all of them.
    const settings = { ...plan.settings, signal: undefined }
    this.#calls = plan.calls.map(({ name, lane }, place) =>
      singleCall({ id, name, site, items: [args], lane, settings, place }),
    )
    this.#ended = this.#calls.map(() => undefined)
    this.#left = this.#calls.length
    const { job, resolve, reject } = startParJob(this)
    this.job = job
    this.#resolve = resolve
    this.#reject = reject
  }

  start(): void {
    const { signal, queueTimeout, sequential } = this.#plan.settings
    this.#plan.ledger.opened(this)
    if (signal?.aborted) return this.#stop('cancelled', reasonOf(signal))
    if (this.#left === 0) return this.#complete()
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    this.#calls.forEach((call, place) => {
      const value = (): void => this.#callEnded(place, undefined)
      const error = (reason: unknown): void => this.#callEnded(place, { reason })
      then.call(call.job, value, error)
    })
    if (queueTimeout !== undefined) this.#callOff = limitQueue(this.#calls, queueTimeout)
    if (sequential) this.#calls[0]?.start()
    else for (const call of this.#calls) call.start()
  }

  #callEnded(place: number, failure: { reason: unknown } | undefined): void {
    if (this.#final !== undefined) return
    const call = this.#calls[place] as MapRun<unknown, unknown>
    // By whom, if not by this job? By its pool, which has been closed.
    if (call.state === 'cancelled') return this.job.cancel(failure?.reason)
    this.#left--
    if (failure === undefined) this.#ended[place] = { status: 'fulfilled', value: undefined }
    else if (this.#failed(place, failure.reason)) return
    if (this.#left === 0) this.#complete()
    else if (this.#plan.settings.sequential && place === this.#turn) this.#next()
  }

  /** Those after it may have ended before their turn: they waited too long. */
  #next(): void {
    this.#turn = this.#ended.indexOf(undefined, this.#turn)
    this.#calls[this.#turn]?.start()
  }

  /** True when that was the end of the job. */
  #failed(index: number, error: unknown): boolean {
    const info = taskInfo(error)
    this.#ended[index] = { status: 'rejected', reason: error }
    this.#failures.push({ index, error, attempt: info?.attempt ?? 1 })
    if (this.#plan.settings.onError !== 'stop') return false
    this.#stop('failed', error)
    return true
  }

  #complete(): void {
    if (this.#failures.length === 0 || this.#plan.settings.onError !== 'collect') {
      this.#settle('done', undefined)
      return this.#resolve()
    }
    // An array with holes at the failures, as a map's results are.
    const results: undefined[] = Array.from({ length: this.#calls.length })
    for (const { index } of this.#failures) delete results[index]
    const init = { total: this.#calls.length, failures: this.#failures, results, what: 'functions' }
    this.#fails('failed', standAt(new ParallelError(init), this.#plan.site))
  }

  /** The job ends before its functions have. */
  #stop(state: 'failed' | 'cancelled', reason: unknown): void {
    if (this.#final !== undefined) return
    this.#fails(state, reason)
    for (const call of this.#calls) call.job.cancel(reason)
  }

  #fails(state: 'failed' | 'cancelled', reason: unknown): void {
    this.#settle(state, reason)
    this.#reject(reason)
    // Who cancels, by a signal or by closing the pool, knows.
    if (state === 'failed') tellUnwatched(this.job, reason)
  }

  #settle(state: 'done' | 'failed' | 'cancelled', reason: unknown): void {
    this.#clock.end()
    this.#final = state
    this.#reason = reason
    this.#callOff?.()
    unlisten(this.#plan.settings.signal, this.#onAbort)
    this.#plan.ledger.ended(this, reason)
  }

  readonly #onAbort = (): void => {
    this.#stop('cancelled', reasonOf(this.#plan.settings.signal))
  }

  // ── What the job asks ──

  get id(): string {
    return this.#plan.id
  }

  get name(): string {
    return this.#plan.settings.name ?? this.#plan.calls.map(({ name }) => name).join(', ')
  }

  get lane(): LaneName {
    const { calls } = this.#plan
    return calls.length > 0 && calls.every(({ lane }) => lane.name === 'workers') ? 'workers' : 'caller'
  }

  get state(): JobState {
    return this.#final ?? (this.#startedAt === undefined ? 'queued' : 'running')
  }

  get progress(): Progress {
    const total = this.#calls.length
    return { done: total - this.#left, failed: this.#failures.length, total }
  }

  get metadata(): Readonly<Record<string, unknown>> {
    return this.#plan.settings.metadata
  }

  get timing(): JobTiming {
    return this.#clock.timing(this.#startedAt)
  }

  /** When the first of the functions started. */
  get #startedAt(): number | undefined {
    const starts = this.#calls.map((call) => call.startedAt).filter((at) => at !== undefined)
    return starts.length === 0 ? undefined : Math.min(...starts)
  }

  cancel(reason: unknown): void {
    this.#stop('cancelled', reason === undefined ? new CancelledError(`'${this.name}' was cancelled`) : reason)
  }

  outcomes(): ParOutcomes {
    return this.#ended.map((one) => one ?? { status: 'rejected', reason: this.#reason })
  }
}
