/** A lone call to workers that have had nothing to do for 3 ms and sleep. */
import { openTrips } from './work/round-trips.mjs'

export const title = 'A lone round trip after 3 ms of rest'
export const goal = { peers: 0.9 }
export const goalAtP99 = { peers: 1 }
export const rounds = 2
export const processes = 10

export const open = (quick) => openTrips(quick ? 4 : 100, 3)
