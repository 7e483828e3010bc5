/**
 * One call of a native function: a body that may take turns of the event loop and wait for native threads, behind a job that can be cancelled.
 *
 * The job rejects at once when it is stopped; the body learns of it at its next step, and leaves through its `finally`.
 */
import { reasonOf, unlisten } from '../abort-signal.ts'
import { captureCallSite, standAt } from '../call-site.ts'
import { CancelledError, EverycoreError, isError, OutOfMemoryError } from '../errors.ts'
import { JobClock } from '../job-clock.ts'
import { nextJobId, startJob } from '../job.ts'
import type { Job, JobControl, JobState, JobTiming, Progress } from '../job.ts'
import { refused } from '../lanes/outcome.ts'
import type { LaneName } from '../lanes/lane.ts'
import type { RunJob } from '../types.ts'
import { checkOpen, ledgerOf } from '../pool/backing.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { TrackedJob } from '../ledger/job-status.ts'
import { portOf } from './port.ts'
import type { NativeWork, Port, PortUser } from './port.ts'
import type { WorkSettings } from './settings.ts'
import { hasTime, nextTurn } from './turns.ts'

/** Leaves a body whose job has ended. */
const stopped = Symbol('stopped')

const nothing: Readonly<Record<string, never>> = Object.freeze({})

/** The body's side of its job. */
export interface Steps {
  /** Call it between slices: goes on at once while this turn has time. */
  breathe(): Promise<void> | undefined
  /** The native lane of the job's pool. */
  port(): Port
  /** Waits until `work` may run. */
  admitted(work: NativeWork): Promise<void>
  /** Waits until native threads have told something of `work`. */
  news(work: NativeWork): Promise<void>
  /** Waits for a job that this one is made of, and ends with it. */
  part<T>(job: Job<T, unknown>): Promise<T>
}

type Body<R> = (steps: Steps) => Promise<R> | R

class Work<R> implements JobControl, TrackedJob, Steps {
  readonly id: string = nextJobId()
  readonly lane: LaneName
  readonly metadata: Readonly<Record<string, unknown>> = nothing
  readonly name: string
  readonly job: RunJob<R>
  readonly #settings: WorkSettings
  readonly #clock = new JobClock()
  readonly #resolve: (value: R) => void
  readonly #reject: (reason: unknown) => void
  #state: JobState = 'queued'
  #outcome: PromiseSettledResult<R> | undefined
  #startedAt: number | undefined
  #wake: (() => void) | undefined
  readonly #ledger: Ledger
  /** Kept, because a pool that has closed to new calls still ends this one. */
  #port: Port | undefined
  readonly #user: PortUser = { cancel: (reason) => this.job.cancel(reason) }

  constructor(name: string, lane: LaneName, settings: WorkSettings) {
    this.name = name
    this.lane = lane
    this.#settings = settings
    this.#ledger = ledgerOf(settings.pool)
    const { job, resolve, reject } = startJob<R, PromiseSettledResult<R>>(this)
    this.job = job
    this.#resolve = resolve
    this.#reject = reject
  }

  async run(body: Body<R>): Promise<void> {
    const { signal } = this.#settings
    this.#ledger.opened(this)
    if (signal?.aborted) return this.#fail('cancelled', reasonOf(signal))
    signal?.addEventListener('abort', this.#onAbort, { once: true })
    try {
      const result = body(this)
      this.#done(result instanceof Promise ? await result : result)
    } catch (error) {
      if (error !== stopped) this.#fail('failed', told(error, `'${this.name}'`))
    } finally {
      unlisten(signal, this.#onAbort)
      this.#port?.exit(this.#user)
    }
  }

  // ── What the body asks ──

  breathe(): Promise<void> | undefined {
    this.#startedAt ??= performance.now()
    if (this.#state === 'queued') this.#state = 'running'
    this.#check()
    return hasTime() ? undefined : this.#nextTurn()
  }

  async #nextTurn(): Promise<void> {
    do await nextTurn()
    while (!hasTime())
    this.#check()
  }

  port(): Port {
    if (this.#port === undefined) {
      this.#port = portOf(this.#settings.pool)
      this.#port.enter(this.#user)
    }
    return this.#port
  }

  async admitted(work: NativeWork): Promise<void> {
    while (!work.admit()) await this.news(work)
    this.#startedAt ??= performance.now()
    if (this.#state === 'queued') this.#state = 'running'
  }

  async news(work: NativeWork): Promise<void> {
    const port = this.port()
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      port.wait(work.id, resolve)
    })
    this.#wake = undefined
    port.leave(work.id)
    this.#check()
  }

  async part<T>(job: Job<T, unknown>): Promise<T> {
    this.#startedAt ??= performance.now()
    if (this.#state === 'queued') this.#state = 'running'
    this.#wake = () => job.cancel()
    try {
      return await job
    } finally {
      this.#wake = undefined
      this.#check()
    }
  }

  #check(): void {
    if (this.#outcome !== undefined) throw stopped
  }

  // ── Ends ──

  #done(value: R): void {
    if (this.#outcome !== undefined) return
    this.#clock.end()
    this.#state = 'done'
    this.#outcome = { status: 'fulfilled', value }
    this.#ended(undefined)
    this.#resolve(value)
  }

  #fail(state: 'failed' | 'cancelled', reason: unknown): void {
    if (this.#outcome !== undefined) return
    this.#clock.end()
    this.#state = state
    this.#outcome = { status: 'rejected', reason }
    this.#ended(reason)
    this.#reject(reason)
    this.#wake?.()
  }

  /** What runs in workers is counted there, piece by piece. */
  #ended(reason: unknown): void {
    this.#ledger.ended(this, reason)
    if (this.lane !== 'native') return
    const tally = this.#ledger.tally(this.name)
    tally.total++
    if (this.#state === 'done') tally.completed++
    else if (this.#state === 'failed') tally.failed++
    else tally.cancelled++
    if (this.#state === 'done') tally.ran(this.timing.ranMs, true)
    tally.jobEnded()
  }

  readonly #onAbort = (): void => this.#fail('cancelled', reasonOf(this.#settings.signal))

  // ── What the job asks ──

  get state(): JobState {
    return this.#state
  }

  get progress(): Progress {
    const outcome = this.#outcome?.status
    return { done: outcome === undefined ? 0 : 1, failed: outcome === 'rejected' ? 1 : 0, total: 1 }
  }

  get timing(): JobTiming {
    return this.#clock.timing(this.#startedAt)
  }

  cancel(reason: unknown): void {
    this.#fail('cancelled', reason === undefined ? new CancelledError(`'${this.name}' was cancelled`) : reason)
  }

  outcomes(): unknown {
    return this.#outcome
  }
}

/** The addon's refusals as errors of ours. */
function told(error: unknown, what: string): unknown {
  if (error instanceof EverycoreError) return error
  const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown }
  if (code === 'ERR_OUT_OF_MEMORY')
    return new OutOfMemoryError(`the system has not enough memory for ${what}: ${String(message)}`)
  return refused(error, what)
}

/**
 * Starts a call: `read` looks at what the user gave, and what it throws is the job's rejection; the body it returns does the work. A closed pool refuses
 * also what would not have needed it.
 *
 * @param entry the function in whose caller the stacks of errors begin
 */
export function startWork<R>(
  name: string,
  lane: LaneName,
  entry: (...args: never[]) => unknown,
  read: () => { readonly settings: WorkSettings; readonly body: Body<R> },
): RunJob<R> {
  try {
    const { settings, body } = read()
    checkOpen(settings.pool)
    const work = new Work<R>(name, lane, settings)
    void work.run(body)
    return work.job
  } catch (error) {
    const work = new Work<R>(name, lane, { signal: undefined, pool: undefined })
    const reason = isError(error) ? standAt(error, captureCallSite(entry)) : error
    void work.run(() => Promise.reject(reason))
    return work.job
  }
}
