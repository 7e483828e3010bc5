/** A lone call to workers that have had nothing to do for 5 ms and sleep, against piscina. */
import { openTrips } from './round-trips.mjs'

export const title = 'A lone round trip after 5 ms of rest'
export const goal = 1
export const rounds = 10

export const open = (quick) => openTrips(quick ? 10 : 200, 5)
