/** From the start of a process to its first result: Node's own start, the library, its workers, one call. */
import { LIBRARIES, openChildren } from './work/children.mjs'

export const title = 'Cold start: first result of a fresh process'
export const goal = { peers: 1 }
export const rounds = 10
export const cold = true

export const open = async () => openChildren(LIBRARIES, 'first-result.mjs')
