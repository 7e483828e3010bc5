// The job of a call that was wrong from the start: rejected, with nothing behind it.

import { nameOf } from '../function-name.ts'
import { JobClock } from '../job-clock.ts'
import { nextJobId, startJob, type Job, type JobControl } from '../job.ts'

export function stillborn(reason: unknown, fn: unknown, outcomes: 'one' | 'list' = 'list'): Job<never, never> {
  const { job, reject } = startJob<never, never>(stillbornControl(reason, fn, outcomes))
  reject(reason)
  return job
}

/** What such a job tells of itself. */
export function stillbornControl(reason: unknown, fn: unknown, outcomes: 'one' | 'list' = 'list'): JobControl {
  const clock = new JobClock()
  clock.end()
  const rejected = { status: 'rejected', reason } as const
  return {
    id: nextJobId(),
    name: nameOf(fn),
    lane: 'caller',
    state: 'failed',
    progress: { done: 0, failed: 0, total: undefined },
    metadata: {},
    timing: clock.timing(undefined),
    cancel: () => {},
    outcomes: () => (outcomes === 'one' ? rejected : [rejected]),
  }
}
