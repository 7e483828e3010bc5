// The segment that a worker lane is filling: items as bytes with an offset each, or numbers in a row, which need none.

import type { Encoder } from '../codec/encoder.ts'
import type { Root } from '../codec/uncloneable.ts'
import type { RowSource } from '../map/source.ts'
import type { LaneJob } from './lane-job.ts'

const FIRST_SIZE = 32
const LARGEST_SIZE = 4096
const LARGEST_ROW = 16_384
const LARGEST_BYTES = 256 * 1024
/** Fewer numbers between other items go as bytes, like these: a segment costs as much as some hundred items. */
const SHORTEST_ROW = 64

export class Draft {
  readonly #encoder: Encoder
  readonly #root: Root
  #offsets: Uint32Array = new Uint32Array(FIRST_SIZE + 1)
  #cells = new Float64Array(0)
  #inRow = false
  #size = FIRST_SIZE
  count = 0
  /** Index of the first item. */
  first = 0

  constructor(encoder: Encoder, root: Root) {
    this.#encoder = encoder
    this.#root = root
  }

  /** Whether the item of this index may come next: those of a segment follow each other. */
  takes(index: number): boolean {
    return this.count === 0 || index === this.first + this.count
  }

  get bytes(): number {
    return this.#inRow ? this.count * 8 : this.#encoder.length
  }

  /** Segments grow from small to large: the first items are on their way while the rest is encoded. */
  get isFull(): boolean {
    const size = this.#inRow ? this.#size : Math.min(this.#size, LARGEST_SIZE)
    return this.count >= size || this.#encoder.length >= LARGEST_BYTES
  }

  /** @throws what encoding throws; then nothing has changed */
  add(index: number, item: unknown): void {
    if (this.#inRow) this.#spell()
    this.#encoder.item(item, this.#root)
    this.#added(index)
  }

  /** Takes numbers that follow one another, `most` at most; gives how many. 0: what comes next is something else. */
  addRow(index: number, source: RowSource, most: number): number {
    if (this.#cells.length < Math.max(this.#size, SHORTEST_ROW)) this.#growCells()
    const cells = this.#cells
    const from = this.#inRow ? this.count : 0
    const to = Math.min(from + most, this.#inRow || this.count === 0 ? this.#size : SHORTEST_ROW)
    const got = source.fill(cells, from, to) - from
    if (got === 0) return 0
    if (this.count === 0) {
      this.#inRow = true
      this.first = index
    }
    if (this.#inRow) this.count += got
    else
      for (let i = 0; i < got; i++) {
        this.#encoder.item(cells[i])
        this.#added(index + i)
      }
    return got
  }

  /** Whether other items are better sent before a row begins, or a row before other items. */
  get isLongRow(): boolean {
    return this.#inRow && this.count >= SHORTEST_ROW
  }

  /** Hands it over, by one of two ways: at once, or by a function that may be called later. */
  submission(job: LaneJob, parcels: number): { now(): number; later(): () => number } {
    const { first, count } = this
    if (this.#inRow) {
      const row = Buffer.from(this.#cells.buffer, 0, count * 8)
      return {
        now: () => job.submitRow(row, first),
        later: () => {
          const own = Buffer.from(row)
          return () => job.submitRow(own, first)
        },
      }
    }
    const encoder = this.#encoder
    const offsets = Buffer.from(this.#offsets.buffer, 0, (count + 1) * 4)
    const definitions = encoder.takeDefinitions()
    return {
      now: () => job.submit(encoder.buffer, offsets, count, definitions, first, parcels),
      later: () => {
        const items = Buffer.from(encoder.buffer.subarray(0, encoder.length))
        const own = Buffer.from(offsets)
        return () => job.submit(items, own, count, definitions, first, parcels)
      },
    }
  }

  /** It has been handed over: the next one begins, and may be larger. */
  next(): void {
    this.#encoder.reset()
    this.count = 0
    this.#inRow = false
    this.#size = Math.min(this.#size * 2, LARGEST_ROW)
  }

  #added(index: number): void {
    if (this.count === 0) this.first = index
    this.count++
    if (this.count === this.#offsets.length) this.#growOffsets()
    this.#offsets[this.count] = this.#encoder.length
  }

  /** The numbers so far become items like others. */
  #spell(): void {
    const { count } = this
    this.#inRow = false
    this.count = 0
    for (let i = 0; i < count; i++) {
      this.#encoder.item(this.#cells[i])
      this.#added(this.first + i)
    }
  }

  #growCells(): void {
    const grown = new Float64Array(Math.max(this.#size, SHORTEST_ROW))
    grown.set(this.#cells)
    this.#cells = grown
  }

  #growOffsets(): void {
    const grown = new Uint32Array(this.#offsets.length * 2)
    grown.set(this.#offsets)
    this.#offsets = grown
  }
}
