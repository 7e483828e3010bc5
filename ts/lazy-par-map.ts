// `lazyParMap`: results one after the other, of sources that may be endless.

import { ledgerOf } from './pool/backing.ts'
import { captureCallSite, type CallSite } from './call-site.ts'
import { Flow, stillbornFlow } from './flow/flow.ts'
import { FlowRun, type FlowPlan } from './flow/flow-run.ts'
import { nameOf } from './function-name.ts'
import { nextJobId } from './job.ts'
import { resolveLane } from './lanes/resolve.ts'
import { openSource } from './map/open-source.ts'
import type { LazyParMapOptions, OnError } from './options/interfaces.ts'
import { normaliseLazyParMap } from './options/normalise.ts'
import type { AnyItems, MapFunction, NoUse, Returned, SpreadFunction } from './types.ts'
import { leaveOnClose } from './pool/backing.ts'
import { isZipped, type AsyncZipped, type Zipped } from './zip.ts'

type LazyOnError = Exclude<OnError, 'collect'>

/** The options of `lazyParMap` where errors are results too, or may be: `E` is what `onError` is known to be. */
type Options<Use extends object, E extends LazyOnError> = LazyParMapOptions<Use> & { onError?: E | undefined }

/**
 * Calls `fn(item, index, ctx)` for item after item, as `parMap` does, and yields the results in the items' order. The source is pulled only as there
 * is room in `buffer`, and only once somebody has asked for a result; so it may be endless, and memory stays bounded.
 *
 * A failed item throws at its turn, after the results ahead of it.
 *
 * @throws never at once: whatever is wrong with the call rejects the first `next()`, with an `OptionError`.
 * @example
 * ```ts
 * for await (const length of lazyParMap(['a', 'bb'], async (word) => word.length)) console.log(length) // 1, then 2
 * ```
 */
export function lazyParMap<
  Tuple extends readonly unknown[],
  R,
  Use extends object = NoUse,
  E extends LazyOnError = 'stop',
>(
  items: Zipped<Tuple> | AsyncZipped<Tuple>,
  fn: SpreadFunction<Tuple, Use, R>,
  options?: Options<Use, E>,
): Flow<Returned<R, E>>
export function lazyParMap<T, R, Use extends object = NoUse, E extends LazyOnError = 'stop'>(
  items: AnyItems<T>,
  fn: MapFunction<T, Use, R>,
  options?: Options<Use, E>,
): Flow<Returned<R, E>>
export function lazyParMap(items: unknown, fn: (...args: never[]) => unknown, options?: unknown): Flow<unknown> {
  try {
    return new Flow(new FlowRun(plan(items, fn, options, captureCallSite(lazyParMap as never))))
  } catch (error) {
    return stillbornFlow(error)
  }
}

function plan(items: unknown, fn: (...args: never[]) => unknown, options: unknown, site: CallSite): FlowPlan {
  const settings = normaliseLazyParMap(options)
  const lane = resolveLane(fn, settings, 'lazyParMap')
  const id = nextJobId()
  const name = settings.name ?? nameOf(fn)
  const shape = isZipped(items) ? 'spread' : 'item'
  const usesPool = lane.name === 'workers' || settings.pool !== undefined
  const ledger = ledgerOf(settings.pool)
  const tally = ledger.tally(name)
  return {
    id,
    name,
    settings,
    known: { ledger, lane: lane.name },
    register: usesPool ? (run) => leaveOnClose(settings.pool, run) : undefined,
    openSource: () => openSource('lazyParMap', items),
    openLane: (sink) =>
      lane.open({ ...settings, id, name, site, shape, addContext: true, openEnded: true, tally }, sink),
  }
}
