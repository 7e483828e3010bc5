// A task ends its thread: only the item that ran fails, whatever the way and whatever the code.
import test from 'ava'
import { fails } from './support/scene.ts'

for (const [hazard, exitCode] of [
  ['exits', 7],
  ['exitsLater', 7],
  ['exitsTicking', 7],
  ['reallyExits', 7],
  ['exitsCleanly', 0],
] as const) {
  test(hazard, (t) => fails(t, hazard, { class: 'WorkerExitError', code: 'ERR_WORKER_EXIT', exitCode }))
}
