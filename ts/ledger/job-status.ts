/** What `pool.job(id)` gives: a look at a job. It is no promise, so that it can be returned from an async function without waiting for the job. */
import type { JobControl, JobState, JobTiming, Progress } from '../job.ts'
import type { LaneName } from '../lanes/lane.ts'

/** A job that somebody may still look for. */
export interface TrackedJob extends Omit<JobControl, 'cancel' | 'outcomes'> {
  /** While it is open. */
  readonly job: { cancel(reason?: unknown): void } | undefined
}

/** A look at a job that was found by its id: as it is now while the job is open, as it ended afterwards. What it resolved with is not kept. */
export class JobStatus {
  readonly #job: TrackedJob

  /** @internal */
  constructor(job: TrackedJob) {
    this.#job = job
  }

  get id(): string {
    return this.#job.id
  }

  /** The `name` option, or the function's name. */
  get name(): string {
    return this.#job.name
  }

  /** Where the function runs. */
  get lane(): LaneName {
    return this.#job.lane
  }

  get state(): JobState {
    return this.#job.state
  }

  get progress(): Progress {
    return this.#job.progress
  }

  /** The `metadata` option. */
  get metadata(): Readonly<Record<string, unknown>> {
    return this.#job.metadata
  }

  get timing(): JobTiming {
    return this.#job.timing
  }

  /** As the job's own; no effect on one that has ended. */
  cancel(reason?: unknown): void {
    this.#job.job?.cancel(reason)
  }

  /** What it tells, as plain data. */
  toJSON(): object {
    const { id, name, lane, state, progress, metadata, timing } = this
    return { id, name, lane, state, progress, metadata, timing }
  }
}

/** What is kept of a job that has ended: nothing that holds its items or its results. */
export function epitaph({ id, name, lane, state, progress, metadata, timing }: TrackedJob): TrackedJob {
  return { id, name, lane, state, progress, metadata, timing, job: undefined }
}
