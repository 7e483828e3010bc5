// The segment that a worker lane is filling: items as bytes with an offset each, numbers in a row, which need none, or a table.

import type { Encoder } from '../codec/encoder.ts'
import type { Root } from '../codec/uncloneable.ts'
import type { RowSource, Taker } from '../map/source.ts'
import { isShared } from '../share/registry.ts'
import { TableDraft } from '../table/draft.ts'
import type { LaneJob } from './lane-job.ts'

const FIRST_SIZE = 32
const LARGEST_SIZE = 4096
const LARGEST_ROW = 16_384
const LARGEST_BYTES = 256 * 1024
/** Fewer numbers between other items go as bytes, like these: a segment costs as much as some hundred items. */
const SHORTEST_ROW = 64
/** What is not for tables is taken for that for so many items, and twice as many each time, until a table has come to as many rows. */
const SHORTEST_TABLE = 64
const LONGEST_PATIENCE = 4096

type Way = 'bytes' | 'row' | 'table'

export class Draft implements Taker {
  readonly #encoder: Encoder
  readonly #root: Root
  #offsets: Uint32Array = new Uint32Array(FIRST_SIZE + 1)
  #cells = new Float64Array(0)
  readonly #table = new TableDraft()
  #way: Way = 'bytes'
  #size = FIRST_SIZE
  /** Tables are begun from this item on: the first ones are on their way before the code for a table could be made. */
  #tablesFrom = FIRST_SIZE
  #patience = SHORTEST_TABLE
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
    if (this.#way === 'row') return this.count * 8
    return this.#way === 'table' ? this.#table.bytes : this.#encoder.length + this.#encoder.beside
  }

  /** Segments grow from small to large: the first items are on their way while the rest is encoded. */
  get isFull(): boolean {
    return this.count >= this.#most || (this.#way !== 'row' && this.bytes >= LARGEST_BYTES)
  }

  get #most(): number {
    return this.#way === 'row' ? this.#size : Math.min(this.#size, LARGEST_SIZE)
  }

  /** @throws what encoding throws; then nothing has changed */
  add(index: number, item: unknown): void {
    if (this.#way === 'row') this.#spell()
    this.#encoder.item(item, this.#root)
    this.#added(index)
  }

  /** Takes numbers that follow one another, `most` at most; gives how many. 0: what comes next is something else. */
  addRow(index: number, source: RowSource, most: number): number {
    if (this.#way === 'table') return 0
    if (this.#cells.length < Math.max(this.#size, SHORTEST_ROW)) this.#growCells()
    const cells = this.#cells
    const isRow = this.#way === 'row'
    const from = isRow ? this.count : 0
    const to = Math.min(from + most, isRow || this.count === 0 ? this.#size : SHORTEST_ROW)
    const got = source.fill(cells, from, to) - from
    if (got === 0) return 0
    if (this.count === 0) {
      this.#way = 'row'
      this.first = index
    }
    if (this.#way === 'row') this.count += got
    else
      for (let i = 0; i < got; i++) {
        this.#encoder.item(cells[i])
        this.#added(index + i)
      }
    return got
  }

  /** Whether the item of this index could be in a table, if it is something that tables are made of. A segment that is none must be handed over before. */
  mayTable(index: number): boolean {
    return this.#way === 'table' || index >= this.#tablesFrom
  }

  /** Takes rows that follow one another, `most` at most; gives how many. 0: what comes next is something else. */
  addTable(index: number, source: RowSource, most: number): number {
    const table = this.#table
    if (this.count > 0 && this.#way !== 'table') return 0
    const got = source.take(this, Math.min(most, this.#most - this.count))
    if (got === 0) return 0
    if (this.count === 0) {
      this.#way = 'table'
      this.first = index
    }
    this.count = table.count
    return got
  }

  /** What comes next is not for tables. */
  refuseTables(index: number): void {
    this.#tablesFrom = index + this.#patience
    this.#patience = Math.min(this.#patience * 2, LONGEST_PATIENCE)
  }

  /** Whether the item that the table did not take fits into the next one. */
  get widens(): boolean {
    return this.#table.widens
  }

  /** Whether it is better handed over before items that go one by one. */
  get isOfItsKind(): boolean {
    return this.#way === 'table' || (this.#way === 'row' && this.count >= SHORTEST_ROW)
  }

  get isTable(): boolean {
    return this.#way === 'table'
  }

  /** Hands it over, by one of two ways: at once, or by a function that may be called later. */
  submission(job: LaneJob, parcels: number): { now(): number; later(): () => number } {
    const { first, count } = this
    if (this.#way === 'table') {
      const parts = this.#table.parts()
      return {
        now: () => job.submitTable(parts, first),
        later: () => {
          const own = { ...parts, rows: Buffer.from(parts.rows), text: Buffer.from(parts.text) }
          return () => job.submitTable(own, first)
        },
      }
    }
    if (this.#way === 'row') {
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
    const { beside } = encoder
    return {
      now: () => job.submit(encoder.buffer, offsets, definitions, first, parcels, beside),
      later: () => {
        const items = Buffer.from(encoder.buffer.subarray(0, encoder.length))
        const own = Buffer.from(offsets)
        return () => job.submit(items, own, definitions, first, parcels, beside)
      },
    }
  }

  /** It has been handed over: the next one begins, and may be larger. */
  next(): void {
    if (this.#way === 'table' && this.count >= SHORTEST_TABLE) this.#patience = SHORTEST_TABLE
    this.#encoder.reset()
    this.#table.clear()
    this.count = 0
    this.#way = 'bytes'
    this.#size = Math.min(this.#size * 2, LARGEST_ROW)
  }

  /** Of the source, for a table. */
  accept(item: unknown): boolean {
    return this.#table.bytes < LARGEST_BYTES && !isShared(item) && this.#table.add(item)
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
    this.#way = 'bytes'
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
