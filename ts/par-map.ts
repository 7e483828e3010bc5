// `parMap`: every item of a source through one function, results in one array.

import { types } from 'node:util'

import { captureCallSite, type CallSite } from './call-site.ts'
import { OptionError } from './errors.ts'
import { nameOf } from './function-name.ts'
import { nextJobId, type Job } from './job.ts'
import { resolveLane } from './lanes/resolve.ts'
import { CompletionGather, OrderedGather, type Gather } from './map/gather.ts'
import { MapRun } from './map/map-run.ts'
import { openSource } from './map/open-source.ts'
import { TypedCompletionGather, TypedGather } from './map/typed-gather.ts'
import { elementsOf } from './elements/of.ts'
import { stillborn } from './map/stillborn.ts'
import { normaliseParMap } from './options/normalise.ts'
import type { OnError, ParMapOptions } from './options/interfaces.ts'
import type { ParMapSettings } from './options/settings.ts'
import { ledgerOf } from './pool/backing.ts'
import type {
  ElementOf,
  MapFunction,
  MapJob,
  NoUse,
  Items,
  Returned,
  SameKind,
  SpreadFunction,
  TypedArray,
} from './types.ts'
import { isZipped, type AsyncZipped, type Zipped } from './zip.ts'

/** The options of `parMap` where errors are results too, or may be: `E` is what `onError` is known to be. */
type Options<Use extends object, E extends OnError> = ParMapOptions<Use> & { onError?: E | undefined }

/** An error cannot stand among numbers. */
type NumberOptions<Use extends object> = Options<Use, 'collect' | 'stop'>

/**
 * Calls `fn(item, index, ctx)` for every item and gives the results in the items' order.
 * A plain async function runs here, 32 items at a time; any other runs in workers, on every core.
 *
 * Not worth it for a cheap sync function over few items: below about 100 µs of work in all, a plain loop is faster.
 *
 * @throws never at once: whatever is wrong with the call rejects the job, with an `OptionError`.
 * @example
 * ```ts
 * await parMap(['a', 'bb'], async (word, index) => `${index}:${word.length}`) // ['0:1', '1:2']
 * ```
 */
export function parMap<A extends TypedArray, Use extends object = NoUse>(
  items: A,
  fn: MapFunction<ElementOf<A>, Use, ElementOf<A> extends bigint ? bigint : number>,
  options?: NumberOptions<Use>,
): MapJob<SameKind<A>, ElementOf<A>>
export function parMap<Tuple extends readonly unknown[], R, Use extends object = NoUse, E extends OnError = 'collect'>(
  items: Zipped<Tuple> | AsyncZipped<Tuple>,
  fn: SpreadFunction<Tuple, Use, R>,
  options?: Options<Use, E>,
): MapJob<Returned<R, E>[], R>
export function parMap<T, R, Use extends object = NoUse, E extends OnError = 'collect'>(
  items: Items<T>,
  fn: MapFunction<T, Use, R>,
  options?: Options<Use, E>,
): MapJob<Returned<R, E>[], R>
export function parMap(items: unknown, fn: (...args: never[]) => unknown, options?: unknown): Job<unknown, unknown> {
  try {
    const run = new MapRun<unknown, unknown>(plan(items, fn, options, captureCallSite(parMap as never)))
    run.start()
    return run.job
  } catch (error) {
    return stillborn(error, fn)
  }
}

function plan(
  items: unknown,
  fn: (...args: never[]) => unknown,
  options: unknown,
  site: CallSite,
): ConstructorParameters<typeof MapRun>[0] {
  const settings = normaliseParMap(options)
  const lane = resolveLane(fn, settings, 'parMap')
  const id = nextJobId()
  const name = settings.name ?? nameOf(fn)
  const shape = isZipped(items) ? 'spread' : 'item'
  const ledger = ledgerOf(settings.pool)
  const source = openSource('parMap', items)
  const gather = gatherFor(items, settings, source.total)
  const elements = gather instanceof TypedGather ? elementsOf(items, gather.memory) : undefined
  return {
    id,
    name,
    settings,
    gather,
    site,
    ledger,
    lane: lane.name,
    open: (sink) =>
      lane.open(
        { ...settings, id, name, site, shape, addContext: true, gathers: true, tally: ledger.tally(name), elements },
        sink,
      ),
    source,
  }
}

function gatherFor(items: unknown, { onError, preserveOrder }: ParMapSettings, total: number | undefined): Gather {
  if (!types.isTypedArray(items)) return preserveOrder ? new OrderedGather(total) : new CompletionGather()
  if (onError === 'return')
    throw new OptionError(
      "parMap: option 'onError' must be 'collect' or 'stop' for a typed array, got 'return': an error cannot stand among numbers",
    )
  return preserveOrder ? new TypedGather(items) : new TypedCompletionGather(items)
}
