/**
 * What a pool takes of the processor while it has nothing to do.
 *
 * The time counts from when V8 has tidied up, too: some 8 s after it fell idle it compacts the heap of every isolate, once, for 15 ms and more each,
 * whatever the library. Before that and after it the process is idle.
 */
import { FEW_LIBRARIES, LIBRARIES, openChildren } from './work/children.mjs'

export const title = 'CPU time of an idle process over 10 s'
export const limit = 20
export const rounds = 1
export const cold = true

export const open = async (quick) =>
  openChildren(quick ? FEW_LIBRARIES : LIBRARIES, 'idle-cpu.mjs', ...(quick ? [20, 20] : [10_000, 10_000]))
