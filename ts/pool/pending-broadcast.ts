/** A broadcast that its thread waits for: one of the things that keep a pool from closing, and that end with it. */
import type { Hub, Receiver } from './hub.ts'
import type { WorkerAnswer } from './link.ts'

export class PendingBroadcast implements Receiver {
  readonly answers: Promise<readonly WorkerAnswer[]>
  readonly #hub: Hub
  readonly #cancelled: () => void
  #resolve!: (answers: readonly WorkerAnswer[]) => void
  #reject!: (reason: unknown) => void

  /** `cancelled` hears that nobody need handle the rejection. */
  constructor(hub: Hub, cancelled: () => void) {
    this.#hub = hub
    this.#cancelled = cancelled
    this.answers = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
    hub.resume(this)
  }

  readonly done = (answers: readonly WorkerAnswer[]): void => {
    this.#hub.rest(this)
    this.#resolve(answers)
  }

  fail(reason: unknown): void {
    this.#hub.rest(this)
    this.#reject(reason)
  }

  cancel(reason: unknown): void {
    this.#cancelled()
    this.fail(reason)
  }

  // It is no job of the scheduler's, so no records come.
  record(): void {}

  row(): void {}
  parcel(): void {}
  unread(): void {}
  endOfClaim(): void {}
}
