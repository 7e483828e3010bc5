/** What runs in the workers: each item counts its begin and its end in memory that all share, works a little, and meets its fate. */
import { setImmediate as turn, setTimeout as sleep } from 'node:timers/promises'
import { BEGUN, ENDED, fateOf, numberOf, valueOf } from './fates.mjs'

let cells

/** Called in each worker before its first item. */
export function countIn(shared) {
  cells = shared
}

const record = JSON.stringify(Array.from({ length: 24 }, (_, id) => ({ id, label: `record ${id}`, tags: ['a', 'b'] })))

/** Some 10 µs of work, for one item in 64 ten times as much. By what V8 has compiled already: a fresh worker is to be as fast as the one it replaces. */
function work(n) {
  for (let left = n % 64 === 0 ? 10 : 1; left > 0; left--) JSON.parse(record)
}

const recurse = (depth) => 1 + recurse(depth + 1)

const strikes = {
  none() {},
  exit: () => process.exit(7),
  reallyExit: () => process.reallyExit(7),
  memory() {
    const kept = []
    for (;;) kept.push({ kept: [kept.length] })
  },
  endless() {
    for (;;);
  },
  uncaught: () =>
    void setImmediate(() => {
      throw new RangeError('after the task had returned')
    }),
  exitLater: () => void setImmediate(() => process.exit(7)),
  overflow: () => void recurse(0),
  throws() {
    throw new RangeError('planned')
  },
}

export function begin(code, attempt, busy = work) {
  const n = numberOf(code)
  Atomics.add(cells, n, BEGUN)
  busy(n)
  if (attempt === 1) strikes[fateOf(code)]()
  return n
}

export function end(n) {
  Atomics.add(cells, n, ENDED)
  return valueOf(n)
}

export const count = (code, _index, { attempt }) => end(begin(code, attempt))

/** The same for `run`, which gives no index. */
export const countOne = (code, { attempt }) => end(begin(code, attempt))

export const countRecord = ({ code, label }, _index, { attempt }) => ({ value: end(begin(code, attempt)), label })

const idle = () => {}

/** The same at once, so that many are announced together. */
export const countAtOnce = ({ code, label }, _index, { attempt }) => ({ value: end(begin(code, attempt, idle)), label })

export const countBatch = (codes, _index, { attempt }) => codes.map((code) => end(begin(code, attempt)))

/** Gives its worker to others in the middle of the item. */
export async function countSlowly(code, _index, { attempt }) {
  const n = begin(code, attempt)
  // What ends the worker a turn later must find the item waiting.
  await (n % 8 === 0 || fateOf(code) === 'exitLater' ? sleep(2) : turn())
  return end(n)
}
