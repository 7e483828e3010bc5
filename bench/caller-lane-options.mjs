/** The same with every option on: also those that p-map does not have. */
import { openAlone } from './work/alone.mjs'
import { callerLane } from './work/caller-lane.mjs'

export const title = 'Caller lane: 100,000 async closures with every option on'
export const goal = { 'p-map': 2 }
export const rounds = 9

export const open = async (quick) => openAlone('caller-lane-options', here, quick)

export const here = (quick) =>
  callerLane({
    quick,
    pMapOptions: () => ({ stopOnError: false, signal: new AbortController().signal }),
    parMapOptions: () => ({
      onError: 'collect',
      signal: new AbortController().signal,
      timeout: 60_000,
      retries: { times: 2, delay: 10, when: () => true },
      use: { answer: 42 },
      metadata: { order: 7 },
      name: 'closures',
      onProgress: () => undefined,
    }),
  })
