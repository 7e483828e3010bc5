// The engine of lazy maps: pulls as there is room, keeps what has come until its turn, and ends exactly once. The README tells its states.

import { reasonOf, unlisten } from '../abort-signal.ts'
import { asError, CancelledError } from '../errors.ts'
import type { Progress as Counts } from '../job.ts'
import type { ItemReport, Lane, LaneName, LaneSink } from '../lanes/lane.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { labelFailure, labelRepeated, type JobLabels } from '../map/failures.ts'
import { Feeder, type FeedHost } from '../map/feeder.ts'
import { Progress } from '../map/progress.ts'
import { Retries } from '../map/retries.ts'
import type { Source } from '../map/source.ts'
import type { LazySettings } from '../options/settings.ts'
import { Allowance } from './allowance.ts'
import { FlowRecord, type FlowState } from './flow-record.ts'
import type { Spring } from './flow.ts'
import { Outlet, type OutletHost, type Step, type Thrown } from './outlet.ts'
import { keepHiddenClass } from '../hidden-class.ts'

/** Everything a flow needs to know before it starts. */
export interface FlowPlan {
  readonly id: string
  readonly name: string
  readonly settings: LazySettings
  /** Opens the source, at the first `next()`. What it throws is the flow's error. */
  readonly openSource: () => Source
  /** Opens the lane, likewise. */
  readonly openLane: (sink: LaneSink) => Lane
  /** Makes known that the flow is open; ends that by what it returns. */
  readonly register?: ((run: FlowRun) => () => void) | undefined
  /** Where the flow is known; one that only regroups a source is not. */
  readonly known?: { readonly ledger: Ledger; readonly lane: LaneName }
  /** Pulls only for those who wait, not ahead of them. */
  readonly onDemand?: boolean
}

const nextMicrotask = Promise.resolve()

/** Not more at once, so that items that turn out to be large are noticed before many of them are pulled. */
const longestStride = 32

export class FlowRun implements Spring<unknown>, LaneSink, FeedHost, OutletHost, FlowState {
  static {
    keepHiddenClass(new FlowRun({ settings: { retries: { times: 0 } } } as FlowPlan))
  }

  readonly #plan: FlowPlan
  readonly #labels: Omit<JobLabels, 'site'>
  readonly #ordered: boolean
  readonly #outlet: Outlet
  #record: FlowRecord | undefined
  readonly #retries: Retries | undefined
  readonly #progress: Progress | undefined
  #state: 'new' | 'open' | 'ending' | 'over' = 'new'
  #source: Source | undefined
  #lane: Lane | undefined
  #feeder: Feeder | undefined
  #allowance: Allowance | undefined
  #unregister: (() => void) | undefined
  // The next turn, where results are yielded as they complete.
  #arrived = 0
  #ended = 0
  #failed = 0
  #drawing = false
  #drawingLater = false
  // How many results the consumer had got at the last draw, and when somebody began to wait.
  #received = 0
  #seen = 0
  // Since the last draw: somebody waited in vain; the allowance was used up.
  #hungry = false
  #full = false

  constructor(plan: FlowPlan) {
    const { id, name, settings } = plan
    const { retries, onProgress, metadata, preserveOrder } = settings
    this.#plan = plan
    this.#labels = { id, name, metadata }
    this.#ordered = preserveOrder
    this.#outlet = new Outlet(this)
    if (retries.times > 0) this.#retries = new Retries(retries, this.#repeat)
    if (onProgress !== undefined)
      this.#progress = new Progress({
        report: () => onProgress(this.#counts),
        isLast: () => this.#counts.done === this.#counts.total,
        failed: (error) => this.#cut({ reason: error }, error),
      })
  }

  // ── What the consumer asks ──

  next(): Promise<Step> {
    if (this.#state === 'new') this.#start()
    const step = this.#outlet.next()
    if (this.#outlet.waiting > 0) {
      this.#hungry = true
      if (this.#plan.onDemand || this.#outlet.yielded > this.#received) this.#drawSoon()
    }
    return step
  }

  leave(): void {
    this.#cut(undefined, new CancelledError(`the loop over '${this.#plan.name}' was left`))
  }

  // ── What the outlet tells ──

  taken(): void {
    this.#drawLater()
  }

  over(): void {
    this.#state = 'over'
    unlisten(this.#plan.settings.signal, this.#onAbort)
  }

  // ── What the lane tells ──

  value(index: number, value: unknown): void {
    if (this.#isSettled) return
    this.#retries?.done(index)
    this.#ended++
    this.#outlet.keep(this.#turnOf(index), value)
    this.#itemEnded()
  }

  row(index: number, cells: Float64Array, from: number, count: number): void {
    for (let i = 0; i < count; i++) this.value(index + i, cells[from + i])
  }

  error(index: number, error: unknown, report: ItemReport | undefined): void {
    if (this.#isSettled) return
    if (this.#retries === undefined) return this.#itemFailed(index, error, report?.attempt ?? 1, report)
    const verdict =
      !this.#ordered || this.#outlet.isWanted(index)
        ? this.#retries.failed(index, error, this.#repeat)
        : this.#retries.givenUp(index, error)
    if (verdict.again) labelRepeated(this.#labels, index, error, report)
    // `when` and `delay` are the user's and may have ended the flow.
    if (verdict.again || this.#isSettled) return
    this.#lane?.forget(index)
    this.#itemFailed(index, verdict.error, verdict.attempt, report)
  }

  room(): void {
    this.#feeder?.pump()
  }

  /** By its id. */
  cancel(reason: unknown): void {
    if (this.#isSettled) return
    const why = reason === undefined ? new CancelledError(`'${this.#plan.name}' was cancelled`) : reason
    this.#record?.end('cancelled', why)
    this.#cut({ reason: why }, why)
  }

  get progress(): Counts {
    return this.#counts
  }

  get startedAt(): number | undefined {
    return this.#lane?.startedAt
  }

  /** What has come already is still yielded. */
  fail(reason: unknown): void {
    this.#endAt(this.#outlet.missing, { reason })
  }

  /** The pool is closed: as if the loop had been left. */
  cancelled(): void {
    this.leave()
  }

  // ── What the feeder asks and tells ──

  spare(): number {
    const allowed = this.#plan.onDemand ? this.#outlet.waiting : (this.#allowance?.items ?? 0)
    const held = (this.#feeder?.pulled ?? 0) - this.#received
    this.#full = held >= allowed
    return Math.min(allowed - held, longestStride)
  }

  failed(index: number, error: unknown): void {
    this.#itemFailed(index, error, 1, undefined)
  }

  exhausted(): void {
    this.#endAt(this.#feeder?.pulled ?? 0, undefined)
  }

  broken(error: unknown): void {
    this.#endAt(this.#feeder?.pulled ?? 0, { reason: error })
  }

  // ── Start ──

  #start(): void {
    const { settings, openSource, openLane, register } = this.#plan
    const { signal } = settings
    this.#state = 'open'
    const { known } = this.#plan
    if (known !== undefined) this.#record = FlowRecord.open({ ...this.#labels, lane: known.lane }, this, known.ledger)
    if (signal?.aborted) return this.#onAbort()
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    let source: Source
    let lane: Lane
    try {
      source = this.#source = openSource()
      lane = this.#lane = openLane(this)
    } catch (error) {
      return this.#isSettled ? this.#letGo(error) : this.#cut({ reason: error }, error)
    }
    // The source's own iterator method may have left the loop.
    if (this.#isSettled) return this.#letGo(undefined)
    this.#unregister = register?.(this)
    this.#allowance = new Allowance(lane, settings.buffer)
    this.#feeder = new Feeder(source, lane, this)
    this.#drawSoon()
  }

  // Somebody begins to wait: nothing is left to take, and what was taken at one go is made up for at one go. Who asks for one result after the other has got
  // all that were yielded before; those who ask for several at once get theirs in the microtasks ahead of this one.
  #drawSoon(): void {
    if (this.#isSettled) return
    this.#seen = this.#outlet.yielded
    if (this.#drawing) return
    this.#drawing = true
    void nextMicrotask.then(this.#drawSeen)
  }

  // The consumer may have other things to do: when the microtasks of this turn are done, it has got what was yielded. By way of a microtask, because ticks
  // come first where there are both. While it goes on taking there is never such a moment, so this costs it nothing.
  #drawLater(): void {
    if (this.#drawingLater || this.#isSettled) return
    this.#drawingLater = true
    void nextMicrotask.then(this.#drawAfter)
  }

  readonly #drawAfter = (): void => {
    process.nextTick(this.#drawAll)
  }

  readonly #drawAll = (): void => {
    this.#drawingLater = false
    this.#draw(this.#outlet.yielded)
  }

  readonly #drawSeen = (): void => {
    this.#drawing = false
    this.#draw(this.#seen)
  }

  #draw(received: number): void {
    this.#received = received
    this.#hungry = this.#outlet.waiting > 0
    this.#feeder?.pump()
  }

  // ── Items ──

  readonly #repeat = (index: number): void => {
    this.#feeder?.repeat(index)
  }

  #turnOf(index: number): number {
    return this.#ordered ? index : this.#arrived++
  }

  #itemFailed(index: number, thrown: unknown, attempt: number, report: ItemReport | undefined): void {
    const error = asError(thrown)
    labelFailure(this.#labels, index, error, attempt, report)
    this.#ended++
    this.#failed++
    const turn = this.#turnOf(index)
    if (this.#plan.settings.onError === 'return') this.#outlet.keep(turn, error)
    else this.#endAt(turn, { reason: error })
    if (!this.#isSettled) this.#itemEnded()
  }

  #itemEnded(): void {
    this.#progress?.tick()
    // The report may have ended the flow.
    if (this.#isSettled) return
    if (this.#hungry && this.#full && this.#ended === this.#feeder?.pulled) this.#allowance?.tooSmall()
    this.#changed()
  }

  // ── Ends ──

  // A getter, because TypeScript believes that a field just compared cannot change in a call between.
  get #isSettled(): boolean {
    return this.#state !== 'open'
  }

  // Nothing more is pulled; what stands before `turn` still comes.
  #endAt(turn: number, error: Thrown | undefined): void {
    if (this.#isSettled) return
    this.#outlet.endAt(turn, error)
    this.#feeder?.halt(this.#ordered ? turn : Infinity)
    this.#changed()
  }

  #changed(): void {
    if (this.#outlet.isComplete) this.#windUp()
    this.#outlet.serve()
  }

  // Only answers are left to be given: what still runs is cancelled.
  #windUp(): void {
    this.#state = 'ending'
    const { error: last } = this.#outlet
    this.#record?.end(last === undefined ? 'done' : 'failed', last?.reason)
    this.#letGo(last?.reason)
    try {
      this.#progress?.end()
    } catch (error) {
      this.#cut({ reason: error }, error)
    }
  }

  // Ends with this error or without one, whatever else was still to be yielded.
  #cut(error: Thrown | undefined, why: unknown): void {
    const was = this.#state
    if (was === 'over') return
    this.#state = 'ending'
    if (error === undefined) this.over()
    this.#outlet.cut(error)
    if (was !== 'open') return
    this.#record?.end(error === undefined ? 'cancelled' : 'failed', why)
    this.#letGo(why)
    try {
      this.#progress?.end()
    } catch {
      // The flow has its end already.
    }
  }

  readonly #onAbort = (): void => {
    const reason = reasonOf(this.#plan.settings.signal)
    this.#record?.end('cancelled', reason)
    this.#cut({ reason }, reason)
  }

  // Ends the work behind the flow. Runs code of the user's: the source's `return` and listeners of `ctx.signal`.
  #letGo(reason: unknown): void {
    this.#unregister?.()
    this.#retries?.stop()
    this.#progress?.stop()
    if (this.#feeder === undefined) this.#source?.close()
    else this.#feeder.stop()
    if (this.#ended !== this.#feeder?.pulled) this.#lane?.abort(reason)
    this.#lane?.close()
  }

  get #counts(): Counts {
    const { exhausted = false, pulled = 0 } = this.#feeder ?? {}
    return { done: this.#ended, failed: this.#failed, total: exhausted ? pulled : this.#source?.total }
  }
}
