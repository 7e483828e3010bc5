/** What a worker costs in memory, once it has answered. */
import { FEW_LIBRARIES, LIBRARIES, openChildren } from './work/children.mjs'

export const title = 'Resident memory a worker'
export const unit = 'MiB'
export const goal = { peers: 1 }
export const rounds = 7
export const cold = true

export const open = async (quick) =>
  openChildren(quick ? FEW_LIBRARIES : LIBRARIES, 'worker-memory.mjs', quick ? 5 : 300)
