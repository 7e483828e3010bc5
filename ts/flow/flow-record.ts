// A flow as `pool.job(id)` and the channels know it: from its first `next()` until nothing of it is underway.

import { JobClock } from '../job-clock.ts'
import type { JobState, JobTiming, Progress } from '../job.ts'
import type { LaneName } from '../lanes/lane.ts'
import type { TrackedJob } from '../ledger/job-status.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { BLANK, keepHiddenClass } from '../hidden-class.ts'

/** What a flow tells of itself. */
export interface FlowLabels {
  readonly id: string
  readonly name: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly lane: LaneName
}

export interface FlowState {
  readonly progress: Progress
  /** When the first item started. */
  readonly startedAt: number | undefined
  /** Ends it: the next result is this error. */
  cancel(reason: unknown): void
}

export class FlowRecord implements TrackedJob {
  static {
    keepHiddenClass(new FlowRecord(BLANK, BLANK, BLANK))
  }

  readonly #labels: FlowLabels
  readonly #flow: FlowState
  readonly #ledger: Ledger
  readonly #clock = new JobClock()
  readonly job: { cancel(reason?: unknown): void }
  #final: 'done' | 'failed' | 'cancelled' | undefined

  private constructor(labels: FlowLabels, flow: FlowState, ledger: Ledger) {
    this.#labels = labels
    this.#flow = flow
    this.#ledger = ledger
    this.job = { cancel: (reason) => flow.cancel(reason) }
  }

  /** Makes it known. */
  static open(labels: FlowLabels, flow: FlowState, ledger: Ledger): FlowRecord {
    const record = new FlowRecord(labels, flow, ledger)
    ledger.opened(record)
    return record
  }

  /** Once: nothing of it is underway any more. */
  end(how: 'done' | 'failed' | 'cancelled', error: unknown): void {
    if (this.#final !== undefined) return
    this.#final = how
    this.#clock.end()
    this.#ledger.ended(this, error)
  }

  get id(): string {
    return this.#labels.id
  }

  get name(): string {
    return this.#labels.name
  }

  get lane(): LaneName {
    return this.#labels.lane
  }

  get metadata(): Readonly<Record<string, unknown>> {
    return this.#labels.metadata
  }

  get state(): JobState {
    return this.#final ?? (this.#flow.startedAt === undefined ? 'queued' : 'running')
  }

  get progress(): Progress {
    return this.#flow.progress
  }

  get timing(): JobTiming {
    return this.#clock.timing(this.#flow.startedAt)
  }
}
