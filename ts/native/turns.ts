/**
 * Work done on the calling thread, in slices: all of it together holds the thread for a few milliseconds a turn of the event loop, however many
 * calls there are.
 */
import { performance } from 'node:perf_hooks'

const SLICE_MS = 8

/** When the slice of this turn is over; `undefined` until something is done in it. */
let until: number | undefined
let next: Promise<void> | undefined

/** Whether this turn has time left. */
export function hasTime(): boolean {
  if (until === undefined) {
    until = performance.now() + SLICE_MS
    setImmediate(begin).unref()
  }
  return performance.now() < until
}

/** The next turn. The process stays alive until then. */
export function nextTurn(): Promise<void> {
  return (next ??= new Promise((resolve) => {
    setImmediate(() => {
      begin()
      next = undefined
      resolve()
    })
  }))
}

function begin(): void {
  until = undefined
}
