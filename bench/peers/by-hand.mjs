/** Chunking by hand: what a careful user writes around a pool that sends every item by itself. */
import { cpuCount } from 'everycore'

/** Chunks a worker, tried once for each contender and grain; it keeps the best. */
const CHUNKS_A_WORKER = [1, 4, 16, 64, 256]
const FEWEST_ITEMS = 4
const TRIES = 3

/** Runs `split(pieces)` with the number of pieces that turns out to be the fastest; it is looked for in the first call of each `key`. */
export function tuned(split, quick) {
  const chosen = new Map()
  const call = async (items, key) => {
    let pieces = chosen.get(key)
    if (pieces === undefined) chosen.set(key, (pieces = quick ? 4 * cpuCount() : await fastest(split, items)))
    return split(items, pieces)
  }
  call.note = () => `chunks: ${[...new Set(chosen.values())].join(', ')}`
  return call
}

/** What has no chunks to find gets as many calls before it is measured: the first ones of a process are slow, whoever makes them. */
export function rehearsed(map, quick) {
  const known = new Set()
  return async (items, key) => {
    const calls = quick || known.has(key) ? 0 : CHUNKS_A_WORKER.length * TRIES
    known.add(key)
    for (let i = 0; i < calls; i++) await map(items)
    return map(items)
  }
}

async function fastest(split, items) {
  let best = { pieces: cpuCount(), ms: Infinity }
  for (const a of CHUNKS_A_WORKER) {
    const pieces = a * cpuCount()
    if (best.ms < Infinity && items.length < pieces * FEWEST_ITEMS) break
    const times = []
    for (let i = 0; i < TRIES; i++) {
      const start = performance.now()
      await split(items, pieces)
      times.push(performance.now() - start)
    }
    const ms = Math.min(...times)
    if (ms < best.ms) best = { pieces, ms }
  }
  return best.pieces
}

/** A map over an array by a peer that gets it in chunks: `map(items, key?)`. */
export function chunked(pool, name, quick) {
  return tuned((items, pieces) => inChunks(pool, name, items, pieces), quick)
}

/** The same in so many chunks. */
export async function inChunks(pool, name, items, pieces) {
  const size = Math.ceil(items.length / pieces)
  const chunks = []
  for (let from = 0; from < items.length; from += size)
    chunks.push(pool.call('each', { name, items: items.slice(from, from + size) }))
  return [].concat(...(await Promise.all(chunks)))
}

/** A map over a typed array by a peer that gets ranges of it, by way of shared memory that is kept. What is shared already stays where it is, and its results come in new memory. */
export function ranged(pool, name, quick) {
  let input
  let output
  return tuned(async (items, pieces) => {
    const Kind = items.constructor
    const shared = items.buffer instanceof SharedArrayBuffer
    const newMemory = () => new Kind(new SharedArrayBuffer(items.byteLength))
    if (shared || output?.length !== items.length) output = newMemory()
    if (shared) input = items
    else {
      if (input?.length !== items.length) input = newMemory()
      input.set(items)
    }
    const size = Math.ceil(items.length / pieces)
    const ranges = []
    for (let from = 0; from < items.length; from += size)
      ranges.push(pool.call('range', { name, from, to: Math.min(from + size, items.length), input, output }))
    await Promise.all(ranges)
    return shared ? output : output.slice()
  }, quick)
}
