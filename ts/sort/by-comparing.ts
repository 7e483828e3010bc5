/**
 * Sorting by a function that compares, in workers.
 *
 * A sample of the items is sorted first; of it come splitters, which cut the order into buckets of about the same size. Then every item is dealt into
 * its bucket, run by run, and every bucket is sorted. Items that compare as equal are told apart by their index all the way: so the sort is stable,
 * and many equal items do not end in one bucket. No comparison is made here, and no piece is so large that encoding it would hold this thread.
 */
import type { CallSite } from '../call-site.ts'
import type { Steps } from '../native/work.ts'
import { giveFunction } from '../pieces/given.ts'
import { retold } from '../pieces/retold.ts'
import { pieceFunction, runPieces } from '../pieces/run.ts'
import { dealRun, sortRun } from './in-worker.ts'
import type { CompareUse, Run, Splitter } from './in-worker.ts'
import type { SortSettings } from './options.ts'

const sortPiece = pieceFunction('sortRun', sortRun as never)
const dealPiece = pieceFunction('dealRun', dealRun as never)

/** Items of a run, and about as many of a bucket: some milliseconds of encoding at most. */
const RUN = 4096
/** Samples for each bucket: the largest bucket is then rarely more than half as large again as the mean. */
const SAMPLES = 32
/** Buckets at most: their numbers have 16 bits, and the sample is sorted by one worker. */
const MOST_BUCKETS = 1024
/** Items moved between two looks at the clock. */
const SLICE = 16_384

type Into = { [index: number]: unknown }

export async function sortByComparing(
  steps: Steps,
  items: ArrayLike<unknown>,
  settings: SortSettings,
  into: (length: number) => Into,
  site: CallSite,
): Promise<Into> {
  const compare = await giveFunction("parSort: option 'compare'", settings.compare)
  const sorter = new Sorter(steps, settings, site, { compare, splitters: [], given: settings.use })
  return sorter.sort(items, into)
}

class Sorter {
  readonly #steps: Steps
  readonly #settings: SortSettings
  readonly #site: CallSite
  #use: CompareUse

  constructor(steps: Steps, settings: SortSettings, site: CallSite, use: CompareUse) {
    this.#steps = steps
    this.#settings = settings
    this.#site = site
    this.#use = use
  }

  async sort(items: ArrayLike<unknown>, into: (length: number) => Into): Promise<Into> {
    const present = await this.#present(items)
    const result = into(items.length)
    const buckets = Math.min(MOST_BUCKETS, Math.ceil(present.length / RUN))
    if (buckets > 1) this.#use = { ...this.#use, splitters: await this.#splitters(items, present, buckets) }
    const dealt = buckets > 1 ? await this.#deal(items, present, buckets) : [present]
    const starts = startsOf(dealt)
    const pieces = function* (): Generator<Run> {
      for (const bucket of dealt) yield { first: 0, items: Array.from(bucket, (index) => items[index]) }
    }
    const take = (piece: number, order: unknown): void => {
      const bucket = dealt[piece] as Uint32Array
      const start = starts[piece] as number
      for (const [at, index] of (order as Uint32Array).entries()) result[start + at] = items[bucket[index] as number]
    }
    await this.#run(sortPiece, pieces(), take, (piece, at) => dealt[piece]?.[at] ?? 0)
    return result
  }

  /** The indexes of the items that are not `undefined`; those come last without being compared. */
  async #present(items: ArrayLike<unknown>): Promise<Uint32Array> {
    const present = new Uint32Array(items.length)
    let count = 0
    for (let from = 0; from < items.length; from += SLICE) {
      const pause = this.#steps.breathe()
      if (pause !== undefined) await pause
      const to = Math.min(items.length, from + SLICE)
      for (let i = from; i < to; i++) if (items[i] !== undefined) present[count++] = i
    }
    return present.subarray(0, count)
  }

  async #splitters(items: ArrayLike<unknown>, present: Uint32Array, buckets: number): Promise<Splitter[]> {
    const count = Math.min(present.length, buckets * SAMPLES)
    const sample = Array.from({ length: count }, (_, i) => {
      // One of each part at random, so that no regular input meets a regular choice.
      const place = Math.floor(((i + Math.random()) * present.length) / count)
      return { item: items[present[place] as number], index: place }
    })
    let order = new Uint32Array()
    const run: Run = { first: 0, items: sample.map(({ item }) => item) }
    const take = (_: number, sorted: unknown): void => void (order = sorted as Uint32Array<ArrayBuffer>)
    await this.#run(sortPiece, [run], take, (_, at) => present[sample[at]?.index ?? 0] ?? 0)
    return Array.from({ length: buckets - 1 }, (_, i) => {
      const place = Math.floor(((i + 1) * count) / buckets)
      return sample[order[place] as number] as Splitter
    })
  }

  /** The indexes of each bucket's items, in their order. */
  async #deal(items: ArrayLike<unknown>, present: Uint32Array, buckets: number): Promise<Uint32Array[]> {
    const places = new Uint16Array(present.length)
    const sizes = new Uint32Array(buckets)
    const pieces = function* (): Generator<Run> {
      for (let first = 0; first < present.length; first += RUN) {
        yield { first, items: Array.from(present.subarray(first, first + RUN), (index) => items[index]) }
      }
    }
    const take = (piece: number, numbers: unknown): void => {
      places.set(numbers as Uint16Array, piece * RUN)
      for (const bucket of numbers as Uint16Array) sizes[bucket] = (sizes[bucket] as number) + 1
    }
    await this.#run(dealPiece, pieces(), take, (piece, at) => present[piece * RUN + at] ?? 0)
    const dealt = Array.from(sizes, (size) => new Uint32Array(size))
    const filled = new Uint32Array(buckets)
    for (let from = 0; from < places.length; from += SLICE) {
      const pause = this.#steps.breathe()
      if (pause !== undefined) await pause
      const to = Math.min(places.length, from + SLICE)
      for (let i = from; i < to; i++) {
        const bucket = places[i] as number
        const at = filled[bucket] as number
        ;(dealt[bucket] as Uint32Array)[at] = present[i] as number
        filled[bucket] = at + 1
      }
    }
    return dealt
  }

  /** `placeOf` says which item stands at `at` in a piece. */
  async #run(
    fn: (...args: never[]) => unknown,
    pieces: unknown,
    take: (piece: number, value: unknown) => void,
    placeOf: (piece: number, at: number) => number,
  ): Promise<void> {
    const { pool, use } = this.#settings
    const job = runPieces({ fn, name: 'parSort', pieces, use: this.#use, pool, site: this.#site, take })
    try {
      await this.#steps.part(job)
    } catch (error) {
      throw retold(error, { use, placeOf, site: this.#site })
    }
  }
}

/** Where each bucket begins in the whole. */
function startsOf(buckets: readonly Uint32Array[]): number[] {
  let start = 0
  return buckets.map((bucket) => (start += bucket.length) - bucket.length)
}
