/** What a pool takes of the processor while it has nothing to do. */
import { FEW_LIBRARIES, LIBRARIES, openChildren } from './work/children.mjs'

export const title = 'CPU time of an idle process over 10 s'
export const limit = 20
export const rounds = 1
export const cold = true

export const open = async (quick) =>
  openChildren(quick ? FEW_LIBRARIES : LIBRARIES, 'idle-cpu.mjs', ...(quick ? [20, 20] : [500, 10_000]))
