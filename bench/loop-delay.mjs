/** How long the event loop of the caller is held at most while a million items are mapped. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { openMap } from './work/maps.mjs'

export const title = 'Longest hold of the caller’s event loop during a map of 1,000,000 numbers'
export const limit = 10
export const rounds = 7

const RESOLUTION_MS = 1

/** The longest time between two timers that should follow each other closely, less the time that they should take. */
async function longestHold(work) {
  const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
  delays.enable()
  await sleep(5 * RESOLUTION_MS)
  delays.reset()
  await work()
  // What held the loop until the end is seen by the timer that comes after it.
  await sleep(5 * RESOLUTION_MS)
  delays.disable()
  return Math.max(0, delays.max / 1e6 - RESOLUTION_MS)
}

export async function open(quick) {
  const items = Array.from({ length: quick ? 2000 : 1_000_000 }, (_, i) => i * 1.5)
  const map = await openMap({ name: 'increment', items, quick })
  const contenders = Object.entries(map.contenders).map(([name, work]) => [name, async () => [await longestHold(work)]])
  return { ...map, contenders: Object.fromEntries(contenders) }
}
