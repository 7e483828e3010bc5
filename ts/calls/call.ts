/** One call of a convoy, as its job sees it. */
import { CancelledError } from '../errors.ts'
import type { Job, JobControl, JobState, JobTiming, Progress } from '../job.ts'
import type { LaneName } from '../lanes/lane.ts'
import type { Convoy } from './convoy.ts'

const nothing: Readonly<Record<string, never>> = Object.freeze({})

export class Call implements JobControl {
  readonly #convoy: Convoy
  /** Its place in the convoy. */
  readonly place: number
  job!: Job<unknown, unknown>
  resolve!: (value: unknown) => void
  reject!: (reason: unknown) => void
  #final: 'done' | 'failed' | 'cancelled' | undefined
  #outcome: unknown
  #settledAt = 0

  constructor(convoy: Convoy, place: number) {
    this.#convoy = convoy
    this.place = place
  }

  /** The first settlement wins; `false` for any later one. */
  done(value: unknown): boolean {
    if (this.#final !== undefined) return false
    this.#end('done', value)
    this.resolve(value)
    return true
  }

  failed(reason: unknown, how: 'failed' | 'cancelled' = 'failed'): boolean {
    if (this.#final !== undefined) return false
    this.#end(how, reason)
    this.reject(reason)
    return true
  }

  #end(how: 'done' | 'failed' | 'cancelled', outcome: unknown): void {
    this.#final = how
    this.#outcome = outcome
    this.#settledAt = this.#convoy.now
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

  outcomes(): unknown {
    return this.#final === 'done'
      ? { status: 'fulfilled', value: this.#outcome }
      : { status: 'rejected', reason: this.#outcome }
  }
}
