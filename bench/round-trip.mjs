/** A lone call, the next one as soon as it is back, against piscina. */
import { openTrips } from './round-trips.mjs'

export const title = 'A lone round trip, one after the other'
export const goal = 1
export const rounds = 15

export const open = (quick) => openTrips(quick ? 50 : 2000, 0)
