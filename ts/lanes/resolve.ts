/** Decides where a function runs: by what the function is, never by a guess about its speed. */
import { delayOf, slowed } from '../delays.ts'
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { sourceOf } from '../functions.ts'
import { localFunction, referenceOf } from '../module-functions.ts'
import { hubOf } from '../pool/backing.ts'
import { mainModule } from '../pool/main-module.ts'
import { isAsync } from '../shipping/lane-of.ts'
import { assembleUse, shipUse } from '../shipping/use.ts'
import type { CallSettings } from '../options/settings.ts'
import { border } from './border.ts'
import { openCallerLane } from './caller.ts'
import type { Lane, LaneName, LaneSink } from './lane.ts'
import { openSequentialLane } from './sequential.ts'
import type { Prepared, SequentialPlan } from './sequential.ts'
import type { LaneSettings } from './settings.ts'
import { isBuiltIn } from '../pool/recipe.ts'
import { openWorkerLane } from './open-workers.ts'

type AnyFunction = (...args: never[]) => unknown

export interface ResolvedLane {
  readonly name: LaneName
  /** Whether the function would have left the caller, had the call not been sequential. */
  readonly wouldLeave: boolean
  /** Whether a context may follow the arguments: of a function that is shipped or of a module. */
  readonly addContext: boolean
  open(settings: LaneSettings, sink: LaneSink): Lane
}

/** @throws OptionError for what is no function, CaptureError for one that cannot be shipped */
export function resolveLane(fn: AnyFunction, settings: CallSettings, verb: string): ResolvedLane {
  if (typeof fn !== 'function') throw new OptionError(`${verb}: fn must be a function, got ${describe(fn)}`)
  const wouldLeave = leavesCaller(fn, settings.on)
  const reference = referenceOf(fn)
  const addContext = wouldLeave || reference !== undefined
  if (settings.sequential) {
    const open: ResolvedLane['open'] = (lane, sink) =>
      openSequentialLane(sequentialPlan(fn, wouldLeave, lane), { ...lane, concurrency: 1 }, sink)
    return { name: 'caller', wouldLeave, addContext, open }
  }
  if (!wouldLeave) return { name: 'caller', wouldLeave, addContext, open: (lane, sink) => openHere(fn, lane, sink) }
  const hub = hubOf(settings.pool)
  const source = sourceOf(fn)
  return { name: 'workers', wouldLeave, addContext, open: (lane, sink) => openWorkerLane(hub, source, lane, sink) }
}

/** Whether the function runs in workers unless the whole process is sequential. */
export function leavesCaller(fn: AnyFunction, on: CallSettings['on']): boolean {
  if (on !== undefined) return on === 'workers'
  return referenceOf(fn) !== undefined || !isAsync(fn)
}

/** On this thread, as it is; a module's function once its module has been imported. */
function openHere(fn: AnyFunction, lane: LaneSettings, sink: LaneSink): Lane {
  const reference = referenceOf(fn)
  if (reference === undefined) return openCallerLane(slowed(fn, delayOf(lane.name)) as never, lane, sink)
  return openSequentialLane(sequentialPlan(fn, false, lane), lane, sink)
}

/** Here, with the results and errors that workers would give: what they would refuse is refused. */
function sequentialPlan(fn: AnyFunction, wouldLeave: boolean, { use, name }: LaneSettings): SequentialPlan {
  const delay = delayOf(name)
  const reference = referenceOf(fn)
  const here = reference === undefined ? fn : localFunction(reference)
  if (!wouldLeave) return { prepare: () => prepare(here, { delay, use }), border: undefined }
  return {
    prepare: () => {
      const source = sourceOf(fn)
      const sent = shipUse(use)
      const shipped = assembleUse({ ...sent, value: border.into(sent.value, 'use') as never }, mainModule()) as object
      if (source instanceof Promise) return source.then(() => prepare(here, { delay, use: shipped }))
      return prepare(here, { delay, builtIn: isBuiltIn(source), use: shipped })
    },
    border,
  }
}

function prepare(
  fn: AnyFunction | Promise<AnyFunction>,
  { delay, ...rest }: Omit<Prepared, 'fn'> & { delay: number },
): Prepared | Promise<Prepared> {
  if (fn instanceof Promise) return fn.then((loaded) => ({ ...rest, fn: slowed(loaded, delay) as never }))
  return { ...rest, fn: slowed(fn, delay) as never }
}
