/** From a call's settings to a worker lane: the recipe its workers fetch, and how the scheduler is to treat the job. */
import { snapshotParcel } from '../codec/uncloneable.ts'
import { delayOf } from '../delays.ts'
import { kindOf } from '../elements/kinds.ts'
import { ElementLane } from '../elements/lane.ts'
import { meterOf } from '../functions.ts'
import type { Hub, JobOptions } from '../pool/hub.ts'
import { isBuiltIn } from '../pool/recipe.ts'
import type { Extras, FunctionSource, Recipe } from '../pool/recipe.ts'
import { SharesUsed } from '../share/given.ts'
import { shipUse } from '../shipping/use.ts'
import type { JobLaneOptions } from './job-lane.ts'
import type { Lane, LaneSink } from './lane.ts'
import { rootOf, type LaneSettings } from './settings.ts'
import { WorkerLane } from './workers.ts'

const PRIORITIES = { high: 0, normal: 1, low: 2 } as const
/** Stands for "as many as there are": more units than any pool has items. */
const UNBOUNDED = 1_000_000

/** @throws why the pool refuses all work now, or this */
export function openWorkerLane(
  hub: Hub,
  source: FunctionSource | Promise<FunctionSource>,
  settings: LaneSettings,
  sink: LaneSink,
): Lane {
  const refusal = hub.refusal()
  if (refusal !== undefined) throw refusal
  const { elements } = settings
  const used = new SharesUsed(hub.shares)
  const extras = giveExtras(hub, settings, used)
  const recipe = (fn: FunctionSource) => {
    const { id, name, drops = false, timeout } = settings
    // What is over its time is told before it has stopped: then it must not write any more.
    const read = elements && { kind: kindOf(elements.items).name, direct: timeout === undefined }
    const shape = settings.shape === 'arguments' && isBuiltIn(fn) ? 'bare' : settings.shape
    const delay = delayOf(name)
    return (base: number): string =>
      JSON.stringify({ fn, name, id, calls: false, base, shape, extras, delay, drops, elements: read } satisfies Recipe)
  }
  const options: JobLaneOptions = {
    hub,
    // An element takes a small part of the time of an item that is encoded.
    meter: meterOf(
      `${elements === undefined ? '' : 'elements:'}${source instanceof Promise ? settings.name : JSON.stringify(source)}`,
    ),
    tally: hub.ledger.tally(settings.name),
    job: jobOptions(settings),
    recipe: source instanceof Promise ? source.then(recipe) : recipe(source),
    parcels: extras === 0 ? [] : [extras],
    shares: used.take(),
    site: settings.site,
    shipped: source instanceof Promise || source.kind === 'module' || settings.on !== undefined ? undefined : source,
    name: settings.name,
    unit: settings.unit ?? 'item',
    what: rootOf(settings),
    openEnded: settings.openEnded ?? false,
  }
  return elements === undefined ? WorkerLane.open(options, sink) : ElementLane.open(options, elements, sink)
}

function jobOptions(settings: LaneSettings): Omit<JobOptions, 'recipe'> {
  const { priority, concurrency, chunk, timeout, grace, retries, shape } = settings
  return {
    priority: PRIORITIES[priority],
    concurrency: Math.min(concurrency ?? 0, UNBOUNDED),
    chunk: chunk === 'auto' ? 0 : chunk,
    timeout: timeout ?? 0,
    grace,
    keepFailed: retries.times > 0,
    waits: shape === 'arguments',
    elements: settings.elements !== undefined,
    patient: settings.gathers ?? false,
  }
}

/** `use` and `metadata` go once per worker. */
function giveExtras(hub: Hub, { use, metadata }: LaneSettings, shares: SharesUsed): number {
  if (isEmpty(use) && isEmpty(metadata)) return 0
  const sent = shipUse(use)
  const value = snapshotParcel(sent.value, 'use', shares)
  return hub.give({ use: { ...sent, value }, metadata: snapshotParcel(metadata, 'metadata') } satisfies Extras)
}

function isEmpty(bag: object): boolean {
  for (const _ in bag) return false
  return true
}
