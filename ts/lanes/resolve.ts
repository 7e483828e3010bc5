/** Decides where a function runs: by what the function is, never by a guess about its speed. */
import { OptionError } from '../errors.ts'
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
import { openWorkerLane } from './open-workers.ts'

type AnyFunction = (...args: never[]) => unknown

export interface ResolvedLane {
  readonly name: LaneName
  /** Whether the function would have left the caller, had the call not been sequential. */
  readonly wouldLeave: boolean
  open(settings: LaneSettings, sink: LaneSink): Lane
}

/** @throws OptionError for what is no function, CaptureError for one that cannot be shipped */
export function resolveLane(fn: AnyFunction, settings: CallSettings, verb: string): ResolvedLane {
  if (typeof fn !== 'function') throw new OptionError(`${verb}: fn must be a function, got ${fn === null ? 'null' : typeof fn}`)
  const wouldLeave = leavesCaller(fn, settings.on)
  if (settings.sequential) return { name: 'caller', wouldLeave, open: (lane, sink) => openSequentialLane(sequentialPlan(fn, wouldLeave, lane), lane, sink) }
  if (!wouldLeave) return { name: 'caller', wouldLeave, open: (lane, sink) => openCallerLane(local(fn), lane, sink) }
  const hub = hubOf(settings.pool)
  const source = sourceOf(fn)
  return { name: 'workers', wouldLeave, open: (lane, sink) => openWorkerLane(hub, source, lane, sink) }
}

/** Whether the function runs in workers unless the whole process is sequential. */
export function leavesCaller(fn: AnyFunction, on: CallSettings['on']): boolean {
  if (on !== undefined) return on === 'workers'
  return referenceOf(fn) !== undefined || !isAsync(fn)
}

/** In order and here, with the results and errors that workers would give: what they would refuse is refused. */
function sequentialPlan(fn: AnyFunction, wouldLeave: boolean, { use }: LaneSettings): SequentialPlan {
  if (!wouldLeave) return { prepare: () => ({ fn: local(fn), use }), border: undefined }
  const prepare = (): Prepared | Promise<Prepared> => {
    const source = sourceOf(fn)
    const prepared = { fn: local(fn), use: border.into(assembleUse(shipUse(use), mainModule())) as object }
    return source instanceof Promise ? source.then(() => prepared) : prepared
  }
  return { prepare, border }
}

function local(fn: AnyFunction): (...args: unknown[]) => unknown {
  const reference = referenceOf(fn)
  return (reference === undefined ? fn : localFunction(reference)) as (...args: unknown[]) => unknown
}

