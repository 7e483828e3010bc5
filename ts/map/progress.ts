// Calls `onProgress` at most 20 times a second and once at the end.

import { performance } from 'node:perf_hooks'

const everyMs = 50

export interface ProgressOptions {
  readonly report: () => void
  /** Whether a report would say that all is done: that is for `end` to tell. */
  readonly isLast: () => boolean
  /** Hears what `report` throws. */
  readonly failed: (error: unknown) => void
}

/** Thins out the reports. */
export class Progress {
  readonly #options: ProgressOptions
  #last = -Infinity
  #timer: NodeJS.Timeout | undefined

  constructor(options: ProgressOptions) {
    this.#options = options
  }

  /** An item has ended: reports now, or when 50 ms have passed since the last report, so that none stays untold. */
  tick(): void {
    if (this.#timer !== undefined) return
    const wait = this.#last + everyMs - performance.now()
    if (wait <= 0) return this.#tell()
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#tell()
    }, wait)
    this.#timer.unref()
  }

  /** The last report. Throws what the callback throws. */
  end(): void {
    this.stop()
    this.#options.report()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #tell(): void {
    const { report, isLast, failed } = this.#options
    if (isLast()) return
    this.#last = performance.now()
    try {
      report()
    } catch (error) {
      failed(error)
    }
  }
}
