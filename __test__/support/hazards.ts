// The hazards of `fixtures/faults/hazards.mjs`, to be run in workers.
import { workerModule } from 'everycore'

type Name =
  | 'loops'
  | 'patchedGlobals'
  | 'same'
  | 'tellsAndLoops'
  | 'tellsAndMatches'
  | 'tellsAndWaits'
  | 'throwsAggregate'
  | 'throwsCycle'
  | 'throwsDom'
  | 'throwsIt'
  | 'throwsOdd'
  | 'throwsOwnClass'
  | 'waitsLong'

export const hazards = workerModule<Record<Name, (item: unknown) => unknown>>(
  new URL('../fixtures/faults/hazards.mjs', import.meta.url),
)
