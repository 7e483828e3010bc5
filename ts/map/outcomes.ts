// What `settled()` tells of a map: one outcome per item, in the items' order.

import type { ValueAt } from './gather.ts'

/** A map that has ended; `open` where it ended before its source, whose length nobody knows. */
export interface EndedMap {
  readonly count: number
  readonly open: boolean
  readonly reason: unknown
  readonly valueAt: ValueAt
  readonly failureAt: (index: number) => { error: unknown } | undefined
}

/** What did not run is rejected with the job's reason; one such outcome stands for all that an open source may still have held. */
export function outcomesOf({ count, open, reason, valueAt, failureAt }: EndedMap): PromiseSettledResult<unknown>[] {
  const outcomes: PromiseSettledResult<unknown>[] = []
  for (let index = 0; index < count; index++) {
    const failure = failureAt(index)
    const result = failure === undefined ? valueAt(index) : undefined
    if (failure !== undefined) outcomes.push({ status: 'rejected', reason: failure.error })
    else if (result !== undefined) outcomes.push({ status: 'fulfilled', value: result.value })
    else outcomes.push({ status: 'rejected', reason })
  }
  if (open) outcomes.push({ status: 'rejected', reason })
  return outcomes
}
