/** The first map of a process: what it costs that nothing of the way is compiled yet. */
import { FEW_LIBRARIES, LIBRARIES, openChildren } from './work/children.mjs'

export const title = 'The first `parMap` of a process, workers up: 10,000 records of 10 µs each'
export const goal = { peers: 1 }
export const rounds = 10
export const cold = true

const withLoop = (libraries) => ['plain loop', ...libraries.filter((name) => name !== 'plain worker')]

export const open = async (quick) =>
  openChildren(withLoop(quick ? FEW_LIBRARIES : LIBRARIES), 'first-map.mjs', quick ? 100 : 10_000)
