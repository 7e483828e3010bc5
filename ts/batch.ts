// `batch`: whole batches of items through one function, all results in one flat array.

import { ledgerOf } from './pool/backing.ts'
import { batchesOf } from './batch/batch-source.ts'
import { Contents } from './batch/contents.ts'
import { captureCallSite, type CallSite } from './call-site.ts'
import { nameOf } from './function-name.ts'
import { nextJobId, type Job } from './job.ts'
import { resolveLane } from './lanes/resolve.ts'
import { FlatGather } from './map/flat-gather.ts'
import { MapRun, type MapPlan } from './map/map-run.ts'
import { openSource } from './map/open-source.ts'
import { stillborn } from './map/stillborn.ts'
import type { BatchOptions, OnError } from './options/interfaces.ts'
import { normaliseBatch } from './options/normalise.ts'
import type { BatchFunction, BatchItems, BatchResult, MapJob, NoUse, Returned } from './types.ts'

/** The options of `batch` where errors are results too, or may be: `E` is what `onError` is known to be. */
type Options<Use extends object, E extends OnError> = BatchOptions<Use> & { onError?: E | undefined }

/**
 * Calls `fn(items, index, ctx)` for one batch of items after the other, 4 at a time, and gives all that the batches gave in one flat array: the elements
 * of an array, nothing for `undefined`, anything else as one result. Index, attempt, time limits and failures are those of batches.
 *
 * For functions that do better with many items at once, such as an insertion into a database; where they do not, `parMap` does without batches.
 *
 * @throws never at once: whatever is wrong with the call rejects the job, with an `OptionError`.
 * @example
 * ```ts
 * await batch([1, 2, 3], async (numbers) => numbers.map((n) => n * 2), { size: 2 }) // [2, 4, 6]
 * ```
 */
export function batch<T, R, Use extends object = NoUse, E extends OnError = 'collect'>(
  items: BatchItems<T>,
  fn: BatchFunction<T, Use, R>,
  options?: Options<Use, E>,
): MapJob<Returned<BatchResult<R>, E>[], BatchResult<R>[]>
export function batch(items: unknown, fn: (...args: never[]) => unknown, options?: unknown): Job<unknown, unknown> {
  try {
    const run = new MapRun<unknown, unknown>(plan(items, fn, options, captureCallSite(batch as never)))
    run.start()
    return run.job
  } catch (error) {
    return stillborn(error, fn)
  }
}

function plan(items: unknown, fn: (...args: never[]) => unknown, options: unknown, site: CallSite): MapPlan {
  const settings = normaliseBatch(options)
  const lane = resolveLane(fn, settings, 'batch')
  const id = nextJobId()
  const name = settings.name ?? nameOf(fn)
  const source = openSource('batch', items)
  const ledger = ledgerOf(settings.pool)
  const contents = new Contents(() => source.total)
  return {
    id,
    name,
    settings,
    site,
    ledger,
    contents,
    gather: new FlatGather(settings.preserveOrder),
    lane: lane.name,
    open: (sink) =>
      lane.open(
        { ...settings, id, name, site, shape: 'item', unit: 'batch', addContext: true, tally: ledger.tally(name) },
        sink,
      ),
    source: batchesOf(source, settings, contents.made),
  }
}
