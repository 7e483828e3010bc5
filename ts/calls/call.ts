/** One call of a convoy, as its job sees it. */
import { CancelledError } from '../errors.ts'
import type { Job, JobControl, JobState, JobTiming, Progress } from '../job.ts'
import type { LaneName } from '../lanes/lane.ts'
import type { TrackedJob } from '../ledger/job-status.ts'
import type { Convoy } from './convoy.ts'
import { FRACTIONAL_ZERO } from '../hidden-class.ts'

const nothing: Readonly<Record<string, never>> = Object.freeze({})

export class Call implements JobControl, TrackedJob {
  readonly #convoy: Convoy
  /** Its place in the convoy. */
  readonly place: number
  /** The job and what settles it, until it has: an ended call keeps no result. */
  job: Job<unknown, unknown> | undefined
  resolve: ((value: unknown) => void) | undefined
  reject: ((reason: unknown) => void) | undefined
  #final: 'done' | 'failed' | 'cancelled' | undefined
  #settledAt = FRACTIONAL_ZERO

  constructor(convoy: Convoy, place: number) {
    this.#convoy = convoy
    this.place = place
  }

  /** The first settlement wins; `false` for any later one. */
  done(value: unknown): boolean {
    const { resolve } = this
    if (resolve === undefined) return false
    this.#end('done', undefined)
    resolve(value)
    return true
  }

  failed(reason: unknown, how: 'failed' | 'cancelled' = 'failed'): boolean {
    const { reject } = this
    if (reject === undefined) return false
    this.#end(how, reason)
    reject(reason)
    return true
  }

  #end(how: 'done' | 'failed' | 'cancelled', reason: unknown): void {
    this.#final = how
    this.#settledAt = this.#convoy.now
    this.job = this.resolve = this.reject = undefined
    this.#convoy.ledger.callEnded(this, reason)
  }

  get id(): string {
    return this.#convoy.idOf(this.place)
  }

  get name(): string {
    return this.#convoy.name
  }

  get lane(): LaneName {
    return 'workers'
  }

  get isOver(): boolean {
    return this.#final !== undefined
  }

  get state(): JobState {
    return this.#final ?? (this.#convoy.hasStarted ? 'running' : 'queued')
  }

  get progress(): Progress {
    const done = this.#final === undefined ? 0 : 1
    return { done, failed: done === 1 && this.#final !== 'done' ? 1 : 0, total: 1 }
  }

  get metadata(): Readonly<Record<string, unknown>> {
    return nothing
  }

  get timing(): JobTiming {
    return this.#convoy.timing(this.#final === undefined ? undefined : this.#settledAt)
  }

  cancel(reason: unknown): void {
    this.#convoy.cancel(this, reason === undefined ? new CancelledError(`'${this.name}' was cancelled`) : reason)
  }

  outcomes(settled: PromiseSettledResult<unknown>): unknown {
    return settled
  }
}
