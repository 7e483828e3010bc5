/** 100,000 async closures on the calling thread, without any option but the concurrency. */
import { openAlone } from './work/alone.mjs'
import { callerLane } from './work/caller-lane.mjs'

export const title = 'Caller lane: 100,000 async closures, 32 at a time'
export const goal = { 'p-map': 4 }
export const rounds = 9

export const open = async (quick) => openAlone('caller-lane', here, quick)

export const here = (quick) => callerLane({ quick, pMapOptions: () => ({}), parMapOptions: () => ({}) })
