/**
 * Slots' shared memory that closed pools of this thread leave for those to come: warm pages are cheap, fresh ones are not. And what is dropped instead is
 * collected late, for it weighs little on the heap: a program that opens pools in a row would hold that of hundreds.
 */
import { cpuCount } from '../cpu-count.ts'
import { newPanel } from './memory.ts'

const left: SharedArrayBuffer[] = []

export function takePanel(): SharedArrayBuffer {
  return left.pop() ?? newPanel()
}

/** Their workers have ended and been buried: nobody reads or writes them any more. No more are kept than a pool usually has. */
export function leavePanels(panels: Iterable<SharedArrayBuffer>): void {
  for (const panel of panels) if (left.length < cpuCount()) left.push(panel)
}
