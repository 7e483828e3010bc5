// The engine of the map verbs: keeps the outcomes of items that a lane runs, and settles the job exactly once.

import { reasonOf, unlisten } from '../abort-signal.ts'
import type { CallSite } from '../call-site.ts'
import { asError, CancelledError } from '../errors.ts'
import { JobClock } from '../job-clock.ts'
import { startJob, type Job, type JobControl, type JobState, type JobTiming, type Progress as Counts } from '../job.ts'
import type { ItemReport, Lane, LaneName, LaneSink } from '../lanes/lane.ts'
import type { TrackedJob } from '../ledger/job-status.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { ParMapSettings } from '../options/settings.ts'
import { Failures } from './failures.ts'
import { Feeder, type FeedHost } from './feeder.ts'
import type { Gather } from './gather.ts'
import { outcomesOf } from './outcomes.ts'
import { Progress } from './progress.ts'
import { Retries } from './retries.ts'
import type { Source } from './source.ts'
import type { Contents } from '../batch/contents.ts'
import { keepHiddenClass } from '../hidden-class.ts'

const nextMicrotask = Promise.resolve()

/** Everything a map needs to know before it starts. */
export interface MapPlan {
  readonly id: string
  readonly name: string
  readonly source: Source
  readonly gather: Gather
  readonly settings: ParMapSettings
  readonly lane: LaneName
  readonly site: CallSite
  /** Where items are batches, the count of what is in them: that is what progress tells. */
  readonly contents?: Contents
  /** Where the job is known; a part of another job is not. */
  readonly ledger?: Ledger | undefined
  /** A single call: `settled()` gives its one outcome, not a list. */
  readonly single?: boolean
  /** What its item's index is, where that is not told by the source: its place among several. */
  readonly place?: number | undefined
  /** Opens the lane; what it throws is the job's rejection. */
  readonly open: (sink: LaneSink) => Lane
}

export class MapRun<R, Outcomes> implements LaneSink, JobControl, TrackedJob, FeedHost {
  static {
    keepHiddenClass(new MapRun({ settings: { retries: { times: 0 } } } as MapPlan))
  }

  readonly job: Job<R, Outcomes>
  readonly #plan: MapPlan
  readonly #resolve: (value: R) => void
  readonly #reject: (reason: unknown) => void
  readonly #clock = new JobClock()
  readonly #failures: Failures
  readonly #retries: Retries | undefined
  readonly #progress: Progress | undefined
  #lane: Lane | undefined
  #feeder: Feeder | undefined
  // How many items have ended, well or badly.
  #ended = 0
  // Set when the job settles; `undefined` until then.
  #final: 'done' | 'failed' | 'cancelled' | undefined
  #reason: unknown

  constructor(plan: MapPlan) {
    this.#plan = plan
    const { retries, onProgress, metadata } = plan.settings
    const { id, name, site, place } = plan
    this.#failures = new Failures({ id, name, metadata, site, place })
    if (retries.times > 0) this.#retries = new Retries(retries, this.#repeat)
    if (onProgress !== undefined)
      this.#progress = new Progress({
        report: () => onProgress(this.progress),
        // That all is done is told once, by the end itself; the source may be a turn late in saying that it has no more.
        isLast: () => this.#ended === this.#total,
        failed: (error) => this.fail(error),
      })
    const { job, resolve, reject } = startJob<R, Outcomes>(this)
    this.job = job
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Begins in a microtask, so that the caller holds its job before the first item runs; or at once, where items never run on this thread. */
  start(when: 'soon' | 'at once' = 'soon'): void {
    const { signal } = this.#plan.settings
    this.#plan.ledger?.opened(this)
    if (signal?.aborted) return this.#stop('cancelled', reasonOf(signal))
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    try {
      this.#lane = this.#plan.open(this)
    } catch (error) {
      return this.fail(error)
    }
    const feeder = new Feeder(this.#plan.source, this.#lane, this)
    this.#feeder = feeder
    if (when === 'at once') return feeder.pump()
    // Cheaper than `queueMicrotask`, which makes an async resource.
    void nextMicrotask.then(() => feeder.pump())
  }

  /** Items that the source has given. */
  get pulled(): number {
    return this.#feeder?.pulled ?? 0
  }

  // ── What the lane tells ──

  value(index: number, value: unknown): void {
    if (this.isOver) return
    const refusal = this.#plan.gather.value(index, value)
    if (refusal !== undefined)
      return this.#itemFailed(index, refusal, (this.#retries?.attempts(index) ?? 0) + 1, undefined)
    this.#retries?.done(index)
    this.#plan.contents?.ended(index, false)
    this.#itemEnded()
  }

  row(index: number, cells: Float64Array, from: number, count: number): void {
    if (this.isOver) return
    const { gather, contents } = this.#plan
    if (contents !== undefined || !gather.row?.(index, cells, from, count)) {
      for (let i = 0; i < count; i++) this.value(index + i, cells[from + i])
    } else this.#rowEnded(index, count)
  }

  values(index: number, values: readonly unknown[]): void {
    if (this.isOver) return
    const { gather, contents } = this.#plan
    if (contents !== undefined || gather.values === undefined) {
      for (let i = 0; i < values.length; i++) this.value(index + i, values[i])
      return
    }
    gather.values(index, values)
    this.#rowEnded(index, values.length)
  }

  span(first: number, count: number): void {
    if (this.isOver) return
    this.#plan.gather.span?.(first, count)
    this.#rowEnded(first, count)
  }

  #rowEnded(first: number, count: number): void {
    if (this.#retries !== undefined) for (let index = first; index < first + count; index++) this.#retries.done(index)
    this.#itemsEnded(count)
  }

  error(index: number, error: unknown, report: ItemReport | undefined): void {
    if (this.isOver) return
    if (this.#retries === undefined) return this.#itemFailed(index, error, report?.attempt ?? 1, report)
    const verdict = this.#retries.failed(index, error, this.#repeat)
    if (verdict.again) this.#failures.repeated(index, error, report)
    // `when` and `delay` are the user's and may have ended the job.
    if (verdict.again || this.isOver) return
    this.#lane?.forget(index)
    this.#itemFailed(index, verdict.error, verdict.attempt, report)
  }

  room(): void {
    this.#feeder?.pump()
  }

  fail(reason: unknown): void {
    this.#stop('failed', reason)
  }

  cancelled(reason: unknown): void {
    this.job.cancel(reason)
  }

  // ── What the feeder asks and tells ──

  /** Results are kept until the end, however many. */
  spare(): number {
    return Infinity
  }

  failed(index: number, error: unknown): void {
    this.#itemFailed(index, error, 1, undefined)
  }

  exhausted(): void {
    if (this.#ended === this.#feeder?.pulled) this.#complete()
  }

  broken(error: unknown): void {
    this.#stop('failed', error)
  }

  // ── Ends ──

  /** Whether the job has settled. */
  // A getter, because TypeScript believes that a field just compared cannot change in a call between.
  get isOver(): boolean {
    return this.#final !== undefined
  }

  readonly #repeat = (index: number): void => {
    this.#feeder?.repeat(index)
  }

  #itemFailed(index: number, thrown: unknown, attempt: number, report: ItemReport | undefined): void {
    const error = asError(thrown)
    this.#failures.add(index, error, attempt, report)
    this.#plan.contents?.ended(index, true)
    const { onError } = this.#plan.settings
    if (onError === 'stop') return this.#stop('failed', error)
    this.#plan.gather.failed(index, onError === 'return' ? { error } : undefined)
    this.#itemEnded()
  }

  #itemEnded(): void {
    this.#itemsEnded(1)
  }

  #itemsEnded(count: number): void {
    this.#ended += count
    if (this.#feeder?.exhausted && this.#ended === this.#feeder.pulled) this.#complete()
    else this.#progress?.tick()
  }

  // Every item has ended.
  #complete(): void {
    try {
      this.#progress?.end()
    } catch (error) {
      return this.fail(error)
    }
    if (this.isOver) return
    const results = this.#plan.gather.results(this.#ended)
    if (this.#failures.count > 0 && this.#plan.settings.onError === 'collect') {
      const error = this.#failures.toError(
        this.#ended,
        results,
        this.#plan.contents === undefined ? 'items' : 'batches',
      )
      this.#settle('failed', error)
      this.#reject(error)
    } else {
      this.#settle('done', undefined)
      this.#resolve(results as R)
    }
    this.#lane?.close()
  }

  // The job ends before its items do, and does not wait for those that run.
  #stop(state: 'failed' | 'cancelled', reason: unknown): void {
    if (this.isOver) return
    this.#settle(state, reason)
    this.#reject(reason)
    this.#lane?.abort(reason)
    this.#lane?.close()
    try {
      this.#progress?.end()
    } catch {
      // The job has its rejection already.
    }
  }

  #settle(state: 'done' | 'failed' | 'cancelled', reason: unknown): void {
    this.#clock.end()
    this.#final = state
    this.#reason = reason
    this.#retries?.stop()
    this.#progress?.stop()
    unlisten(this.#plan.settings.signal, this.#onAbort)
    this.#plan.ledger?.ended(this, reason)
    if (this.#feeder === undefined) this.#plan.source.close()
    else this.#feeder.stop()
  }

  readonly #onAbort = (): void => {
    this.#stop('cancelled', reasonOf(this.#plan.settings.signal))
  }

  // ── What the job asks ──

  get id(): string {
    return this.#plan.id
  }

  get name(): string {
    return this.#plan.name
  }

  get lane(): LaneName {
    return this.#plan.lane
  }

  get state(): JobState {
    return this.#final ?? this.#lane?.state ?? 'queued'
  }

  get metadata(): Readonly<Record<string, unknown>> {
    return this.#plan.settings.metadata
  }

  get progress(): Counts {
    const counts = this.#plan.contents?.counts(this.#feeder?.exhausted ?? false)
    return counts ?? { done: this.#ended, failed: this.#failures.count, total: this.#total }
  }

  get timing(): JobTiming {
    return this.#clock.timing(this.startedAt)
  }

  /** When the first item started, on the clock of `performance.now()`. */
  get startedAt(): number | undefined {
    return this.#lane?.startedAt
  }

  cancel(reason: unknown): void {
    this.#stop('cancelled', reason === undefined ? new CancelledError(`'${this.name}' was cancelled`) : reason)
  }

  outcomes(): unknown {
    const total = this.#total
    const outcomes = outcomesOf({
      count: total ?? this.#feeder?.pulled ?? 0,
      open: total === undefined,
      reason: this.#reason,
      valueAt: this.#plan.gather.valueAt(),
      failureAt: (index) => this.#failures.at(index),
    })
    return this.#plan.single ? outcomes[0] : outcomes
  }

  // How many items there are: told by the source's end, or by a source that knew before.
  get #total(): number | undefined {
    return this.#feeder?.exhausted ? this.#feeder.pulled : this.#plan.source.total
  }
}
