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

/** An item's last attempt has failed: `taskInfo` and the listeners are told. */
export function labelFailure(
  labels: Omit<JobLabels, 'site'>,
  index: number,
  error: unknown,
  attempt: number,
  report?: ItemReport,
): void {
  const info = infoOf(labels, index, attempt, report)
  attachTaskInfo(error, info)
  itemFailed(error, info)
}

/** An attempt has failed, and another will be made. */
export function labelRepeated(
  labels: Omit<JobLabels, 'site'>,
  index: number,
  error: unknown,
  report: ItemReport | undefined,
): void {
  itemRetried(error, () => infoOf(labels, index, report?.attempt ?? 1, report))
}

function infoOf(
  { id, name, metadata, place }: Omit<JobLabels, 'site'>,
  index: number,
  attempt: number,
  { queuedMs = 0, ranMs = 0, worker = null }: Partial<ItemReport> = {},
): TaskInfo {
  return { id, name, index: place ?? index, attempt, queuedMs, ranMs, worker, metadata }
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
    labelFailure(this.#labels, index, error, attempt, report)
  }

  repeated(index: number, error: unknown, report: ItemReport | undefined): void {
    labelRepeated(this.#labels, index, error, report)
  }

  at(index: number): { error: unknown } | undefined {
    return this.#byIndex.get(index)
  }

  /** The error that stands for all of them. */
  toError(total: number, results: unknown, what: 'items' | 'batches'): ParallelError<unknown> {
    const failures = [...this.#byIndex.values()]
    return standAt(new ParallelError({ total, failures, results, what }), this.#labels.site)
  }
}
