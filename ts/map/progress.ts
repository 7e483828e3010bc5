// Calls `onProgress` at most 20 times a second and once at the end.

import { performance } from 'node:perf_hooks'

const everyMs = 50

/** Thins out calls of `report`; what `report` throws goes to `failed`. */
export class Progress {
  readonly #report: () => void
  readonly #failed: (error: unknown) => void
  #last = -Infinity
  #timer: NodeJS.Timeout | undefined

  constructor(report: () => void, failed: (error: unknown) => void) {
    this.#report = report
    this.#failed = failed
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
    this.#report()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  #tell(): void {
    this.#last = performance.now()
    try {
      this.#report()
    } catch (error) {
      this.#failed(error)
    }
  }
}
