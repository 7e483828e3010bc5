/** A call with options of its own: a map of one item, which gives its one outcome. */
import type { CallSite } from '../call-site.ts'
import { QueueTimeoutError } from '../errors.ts'
import type { ResolvedLane } from '../lanes/resolve.ts'
import type { Gather } from '../map/gather.ts'
import { MapRun } from '../map/map-run.ts'
import { SingleGather } from '../map/single-gather.ts'
import { openSource } from '../map/open-source.ts'
import { patience } from '../patience.ts'
import { ledgerOf } from '../pool/backing.ts'
import type { CallSettings } from '../options/settings.ts'

export interface SingleCall {
  readonly id: string
  readonly name: string
  readonly site: CallSite
  /** The arguments, as the one item. */
  readonly items: readonly (readonly unknown[])[]
  readonly lane: ResolvedLane
  readonly settings: CallSettings
  /** It is one of several in a larger job, at this place, and nobody wants its result: what that is need not even be sent. */
  readonly place?: number
}

/** Not started yet. */
export function singleCall({ id, name, site, items, lane, settings, place }: SingleCall): MapRun<unknown, unknown> {
  const one = { concurrency: undefined, chunk: 'auto' } as const
  const drops = place !== undefined
  const ledger = ledgerOf(settings.pool)
  const tally = ledger.tally(name)
  return new MapRun<unknown, unknown>({
    id,
    name,
    site,
    gather: drops ? noResult : new SingleGather(),
    single: true,
    ledger: drops ? undefined : ledger,
    place,
    lane: lane.name,
    settings: { ...settings, ...one, onError: 'stop', preserveOrder: true, onProgress: undefined },
    open: (sink) =>
      lane.open(
        { ...settings, ...one, id, name, site, shape: 'arguments', addContext: lane.addContext, drops, tally },
        sink,
      ),
    source: openSource('run', items),
  })
}

const noResult: Gather = {
  value: () => undefined,
  failed: () => {},
  results: () => undefined,
  valueAt: () => () => ({ value: undefined }),
}

/** Ends calls that have not started when `ms` have passed; gives what calls that off. */
export function limitQueue(calls: readonly MapRun<unknown, unknown>[], ms: number): () => void {
  return patience.wait(ms, () => {
    for (const call of calls)
      if (call.state === 'queued')
        call.fail(new QueueTimeoutError(`'${call.name}' did not start within its queueTimeout of ${ms} ms`))
  })
}
