/** A lone call, the next one as soon as it is back. */
import { openTrips } from './work/round-trips.mjs'

export const title = 'A lone round trip, one after the other'
export const goal = { peers: 0.9 }
export const goalAtP99 = { peers: 1 }
export const rounds = 3
// Where the system puts a process's threads differs from start to start, and with it how long a wake-up takes.
export const processes = 10

export const open = (quick) => openTrips(quick ? 20 : 2000, 0)
