// Decides where a function runs.

import { openCallerLane } from './caller.ts'
import type { Lane, LaneName, LaneSink } from './lane.ts'
import type { LaneSettings } from './settings.ts'

export interface ResolvedLane {
  readonly name: LaneName
  /** Whether the function would have left the caller, had the call not been sequential. */
  readonly wouldLeave: boolean
  open(settings: LaneSettings, sink: LaneSink): Lane
}

export function resolveLane(fn: (...args: never[]) => unknown, _settings: unknown, _verb: 'parMap' | 'run'): ResolvedLane {
  return { name: 'caller', wouldLeave: false, open: (settings, sink) => openCallerLane(fn as (...args: unknown[]) => unknown, settings, sink) }
}
