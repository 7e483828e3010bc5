/** What is told of jobs and their items on `node:diagnostics_channel`; docs/diagnostics.md describes each message. */
import { channel } from 'node:diagnostics_channel'

import type { TaskInfo } from '../errors/task-info.ts'
import type { JobState, JobTiming, Progress } from '../job.ts'
import type { LaneName } from '../lanes/lane.ts'
import type { TrackedJob } from '../ledger/job-status.ts'

/** Of `everycore:job:open`. */
export interface JobOpenMessage {
  readonly pool: string
  readonly id: string
  readonly name: string
  readonly lane: LaneName
  readonly metadata: Readonly<Record<string, unknown>>
}

/** Of `everycore:job:end`. */
export interface JobEndMessage extends JobOpenMessage {
  readonly state: JobState
  readonly progress: Progress
  readonly timing: JobTiming
  /** What the job rejected with; `undefined` if it did not. */
  readonly error: unknown
}

/** Of `everycore:item:retry` and `everycore:item:fail`. */
export interface ItemMessage extends TaskInfo {
  readonly error: unknown
}

const open = channel('everycore:job:open')
const end = channel('everycore:job:end')
const retry = channel('everycore:item:retry')
const fail = channel('everycore:item:fail')

export function jobOpened(pool: string, job: TrackedJob): void {
  if (open.hasSubscribers) open.publish(labels(pool, job))
}

export function jobEnded(pool: string, job: TrackedJob, error: unknown): void {
  if (!end.hasSubscribers) return
  const { state, progress, timing } = job
  end.publish({ ...labels(pool, job), state, progress, timing, error } satisfies JobEndMessage)
}

/** An attempt has failed and another will be made. `info` is made for this alone. */
export function itemRetried(error: unknown, info: () => TaskInfo): void {
  if (retry.hasSubscribers) retry.publish({ error, ...info() } satisfies ItemMessage)
}

/** An item has failed for good. */
export function itemFailed(error: unknown, info: TaskInfo): void {
  if (fail.hasSubscribers) fail.publish({ error, ...info } satisfies ItemMessage)
}

function labels(pool: string, { id, name, lane, metadata }: TrackedJob): JobOpenMessage {
  return { pool, id, name, lane, metadata }
}
