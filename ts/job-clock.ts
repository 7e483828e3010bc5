// When a job was called, started and ended, on the monotonic clock.

import { performance } from 'node:perf_hooks'

import type { JobTiming } from './job.ts'

export class JobClock {
  readonly #created: number = performance.now()
  #ended: number | undefined

  end(): void {
    this.#ended = performance.now()
  }

  /** `startedAt` is when the first item started, if one did. */
  timing(startedAt: number | undefined): JobTiming {
    const now = this.#ended ?? performance.now()
    const started = startedAt ?? now
    return {
      createdAt: performance.timeOrigin + this.#created,
      queuedMs: started - this.#created,
      ranMs: now - started,
    }
  }
}
