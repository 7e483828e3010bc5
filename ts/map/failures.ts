// Remembers which items failed, and tells the world about them.

import { standAt, type CallSite } from '../call-site.ts'
import { attachTaskInfo, ParallelError } from '../errors.ts'
import type { TaskInfo } from '../errors.ts'
import { itemFailed, itemRetried } from '../events/jobs.ts'
import type { ItemReport } from '../lanes/lane.ts'

/** What is known of the job, for `taskInfo(error)`. */
export interface JobLabels {
  readonly id: string
  readonly name: string
  readonly metadata: Readonly<Record<string, unknown>>
  readonly site: CallSite
  /** The item's place where it is one of several jobs in a larger one. */
  readonly place?: number | undefined
}

export class Failures {
  readonly #labels: JobLabels
  readonly #byIndex = new Map<number, { index: number; error: unknown; attempt: number }>()

  constructor(labels: JobLabels) {
    this.#labels = labels
  }

  get count(): number {
    return this.#byIndex.size
  }

  /** An item's last attempt has failed. */
  add(index: number, error: unknown, attempt: number, report: ItemReport | undefined): void {
    this.#byIndex.set(index, { index, error, attempt })
    const info = this.#info(index, attempt, report)
    attachTaskInfo(error, info)
    itemFailed(error, info)
  }

  /** An attempt has failed, and another will be made. */
  repeated(index: number, error: unknown, report: ItemReport | undefined): void {
    itemRetried(error, () => this.#info(index, report?.attempt ?? 1, report))
  }

  #info(index: number, attempt: number, report: ItemReport | undefined): TaskInfo {
    const { id, name, metadata, place = index } = this.#labels
    const { queuedMs = 0, ranMs = 0, worker = null } = report ?? {}
    return { id, name, index: place, attempt, queuedMs, ranMs, worker, metadata }
  }

  at(index: number): { error: unknown } | undefined {
    return this.#byIndex.get(index)
  }

  /** The error that stands for all of them. */
  toError(total: number, results: unknown): ParallelError<unknown> {
    return standAt(new ParallelError({ total, failures: [...this.#byIndex.values()], results }), this.#labels.site)
  }
}
