// `batches`: items by the batch, as a source for lazy maps.

import { batchesOf } from './batch/batch-source.ts'
import { PassLane } from './batch/pass-lane.ts'
import { Flow, stillbornFlow } from './flow/flow.ts'
import { FlowRun } from './flow/flow-run.ts'
import { nextJobId } from './job.ts'
import { openSource } from './map/open-source.ts'
import type { BatchesOptions } from './options/interfaces.ts'
import { normaliseBatches, normaliseLazyParMap } from './options/normalise.ts'
import type { BatchItems } from './types.ts'

const uncounted = (): void => {}

/**
 * Arrays of `size` items, the last one of what is left. With `every` a batch that is not full goes after so many ms, where the source makes one wait.
 * Lazy: items are pulled for a batch that somebody has asked for, and leaving closes their source.
 *
 * @throws never at once: whatever is wrong with the call rejects the first `next()`, with an `OptionError`.
 * @example
 * ```ts
 * for await (const pair of batches(['a', 'b', 'c'], { size: 2 })) console.log(pair) // ['a', 'b'], then ['c']
 * ```
 */
export function batches<T>(items: BatchItems<T>, options?: BatchesOptions): Flow<T[]>
export function batches(items: unknown, options?: unknown): Flow<unknown> {
  try {
    const settings = normaliseBatches(options)
    const run = new FlowRun({
      id: nextJobId(),
      name: 'batches',
      settings: normaliseLazyParMap(undefined),
      openSource: () => batchesOf(openSource('batches', items), settings, uncounted),
      openLane: (sink) => new PassLane(sink),
      onDemand: true,
    })
    return new Flow(run)
  } catch (error) {
    return stillbornFlow(error)
  }
}
