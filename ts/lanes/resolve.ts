/** Decides where a function runs: by what the function is, never by a guess about its speed. */
import { OptionError } from '../errors.ts'
import { sourceOf } from '../functions.ts'
import { localFunction, referenceOf } from '../module-functions.ts'
import { hubOf } from '../pool/pool.ts'
import { defaultPool } from '../pool/default.ts'
import { isAsync } from '../shipping/lane-of.ts'
import type { CallSettings } from '../options/settings.ts'
import { openCallerLane } from './caller.ts'
import type { Lane, LaneName, LaneSink } from './lane.ts'
import { openSequentialLane } from './sequential.ts'
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
  const wouldLeave = leaves(fn, settings)
  if (settings.sequential) {
    if (wouldLeave) sourceOf(fn)
    return { name: 'caller', wouldLeave, open: (lane, sink) => openSequentialLane(local(fn), lane, sink, wouldLeave) }
  }
  if (!wouldLeave) return { name: 'caller', wouldLeave, open: (lane, sink) => openCallerLane(local(fn), lane, sink) }
  const hub = hubOf(settings.pool ?? defaultPool)
  const source = sourceOf(fn)
  return { name: 'workers', wouldLeave, open: (lane, sink) => openWorkerLane(hub, source, lane, sink) }
}

function leaves(fn: AnyFunction, { on }: CallSettings): boolean {
  if (on !== undefined) return on === 'workers'
  return referenceOf(fn) !== undefined || !isAsync(fn)
}

function local(fn: AnyFunction): (...args: unknown[]) => unknown {
  const reference = referenceOf(fn)
  return (reference === undefined ? fn : localFunction(reference)) as (...args: unknown[]) => unknown
}

