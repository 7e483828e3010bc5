/** 100,000 async closures on the calling thread, without any option but the concurrency. */
import { openCallerLane } from './work/caller-lane.mjs'

export const title = 'Caller lane: 100,000 async closures, 32 at a time'
export const goal = { 'p-map': 4 }
export const rounds = 9

export const open = async (quick) => openCallerLane({ quick, pMapOptions: () => ({}), parMapOptions: () => ({}) })
