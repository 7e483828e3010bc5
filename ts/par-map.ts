// `parMap`: every item of a source through one function, results in one array.

import { types } from 'node:util'

import { captureCallSite, type CallSite } from './call-site.ts'
import { OptionError } from './errors.ts'
import { nextJobId, type Job } from './job.ts'
import { resolveLane } from './lanes/resolve.ts'
import { CompletionGather, OrderedGather, type Gather } from './map/gather.ts'
import { MapRun } from './map/map-run.ts'
import { openSource } from './map/source.ts'
import { TypedGather } from './map/typed-gather.ts'
import { stillborn } from './map/stillborn.ts'
import { normaliseParMap } from './options/normalise.ts'
import type { ParMapSettings } from './options/settings.ts'
import { isZipped } from './zip.ts'

export function parMap(items: unknown, fn: (...args: never[]) => unknown, options?: unknown): Job<unknown, unknown> {
  try {
    const run = new MapRun<unknown, unknown>(plan(items, fn, options, captureCallSite(parMap)))
    run.start()
    return run.job
  } catch (error) {
    return stillborn(error, fn)
  }
}

function plan(items: unknown, fn: (...args: never[]) => unknown, options: unknown, site: CallSite): ConstructorParameters<typeof MapRun>[0] {
  const settings = normaliseParMap(options)
  if (typeof fn !== 'function') throw new OptionError(`parMap: fn must be a function, got ${fn === null ? 'null' : typeof fn}`)
  const gather = gatherFor(items, settings)
  const lane = resolveLane(fn, settings, 'parMap')
  const id = nextJobId()
  const name = settings.name ?? (fn.name || 'anonymous')
  const shape = isZipped(items) ? 'spread' : 'item'
  return {
    id,
    name,
    settings,
    gather,
    site,
    lane: lane.name,
    open: (sink) => lane.open({ ...settings, id, name, site, shape, addContext: true }, sink),
    source: openSource('parMap', items),
  }
}

function gatherFor(items: unknown, { onError, preserveOrder }: ParMapSettings): Gather {
  if (!types.isTypedArray(items)) return preserveOrder ? new OrderedGather() : new CompletionGather()
  if (onError === 'return') throw new OptionError("parMap: option 'onError' must be 'collect' or 'stop' for a typed array, got 'return': an error cannot stand among numbers")
  return new TypedGather(items, preserveOrder)
}
