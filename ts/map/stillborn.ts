// The job of a call that was wrong from the start: rejected, with nothing behind it.

import { nameOf } from '../function-name.ts'
import { JobClock } from '../job-clock.ts'
import { nextJobId, startJob, type Job, type JobControl } from '../job.ts'

export function stillborn(reason: unknown, fn: unknown, outcomes: 'one' | 'list' = 'list'): Job<never, never> {
  const clock = new JobClock()
  clock.end()
  const rejected = { status: 'rejected', reason } as const
  const control: JobControl = {
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
  const { job, reject } = startJob<never, never>(control)
  reject(reason)
  return job
}
