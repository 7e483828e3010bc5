/**
 * Results written as the rows of a table: straight into the outbox, one by one, so that they are there whatever ends this thread.
 *
 * Mirrors crates/core/README.md, "Tables". See ts/table/record.ts for what stands where.
 */
import { WIDE } from '../codec/format.ts'
import { HEAD } from '../table/record.ts'
import { LONGEST_TEXT } from '../table/columns.ts'
import type { RowsOut } from '../table/code.ts'
import type { Layout } from '../table/layout.ts'
import type { OpenTable, Outbox } from './outbox.ts'
import type { Panel } from './panel.ts'

/** Bytes of rows in one table, at most, and of text as far as there is room. */
const ROWS_BYTES = 48 * 1024
const TEXT_BYTES = 96 * 1024
/** Shorter texts are written unit by unit. */
const SHORT = 24

export class TableOutbox implements RowsOut, OpenTable {
  readonly doubles: Float64Array
  readonly words: Int32Array
  textEnd = 0
  /** Rows in the open table. */
  count = 0
  /** Rows of one table at most. */
  readonly #most: number
  /** Rows that the open one has room for; 0 where none is open. */
  #rows = 0
  #first = 0
  readonly #layout: Layout
  readonly #outbox: Outbox
  readonly #bytes: Buffer
  /** Bytes of a unit of text. */
  #unit: 1 | 2 = 1
  /** There was a unit that needs two. */
  #isWide = false
  #cell = 0
  /** Where the payload stands in the outbox, its text, and where room for that ends. */
  #at = 0
  #text = 0
  #end = 0

  constructor(layout: Layout, outbox: Outbox, panel: Panel) {
    this.#layout = layout
    this.#outbox = outbox
    this.#bytes = panel.outbox
    this.doubles = panel.outboxCells
    this.words = panel.outboxWords
    this.#most = Math.max(1, Math.floor(ROWS_BYTES / layout.stride))
  }

  /** Rows that may come one after the other before a table is full, the open one or the next. */
  get room(): number {
    return this.#rows > this.count ? this.#rows - this.count : this.#most
  }

  /** Makes ready for the row of `item`, and those of `left` items behind it at most: in the open table, if it goes on with this one, or in a new one. True: in a new one. */
  open(frame: number, item: number, left: number): boolean {
    if (this.#rows > this.count && item === this.#first + this.count) return false
    const rows = Math.min(left, this.#most)
    if (this.#isWide) this.#unit = 2
    const description = this.#layout.description(this.#unit)
    const head = HEAD + description.length
    const text = head + rows * this.#layout.stride
    const hasText = this.#layout.lastText >= 0
    const { at, bytes } = this.#outbox.openTable(
      this,
      frame,
      item,
      text + (hasText ? 2 * LONGEST_TEXT : 0),
      text + (hasText ? TEXT_BYTES : 0),
    )
    const { words } = this
    const word = at >>> 2
    words[word] = 0
    words[word + 1] = 0
    words[word + 2] = description.length
    words[word + 3] = text
    this.#bytes.set(description, at + HEAD)
    this.#at = at
    this.#cell = (at + head) >>> 3
    this.#text = at + text
    this.#end = at + bytes
    this.textEnd = 0
    this.count = 0
    this.#rows = rows
    this.#first = item
    return true
  }

  ended(): number {
    this.words[(this.#at >>> 2) + 1] = this.count
    this.#rows = 0
    return this.count === 0 ? 0 : this.#text - this.#at + this.textEnd * this.#unit
  }

  row(): number {
    return this.#cell
  }

  text(value: string): boolean {
    const { length } = value
    const at = this.#text + this.textEnd * this.#unit
    if (at + length * this.#unit > this.#end) return false
    if (this.#unit === 2) this.#bytes.write(value, at, length * 2, 'utf16le')
    else if (length <= SHORT) {
      const bytes = this.#bytes
      for (let i = 0; i < length; i++) {
        const unit = value.charCodeAt(i)
        if (unit > 0xff) return this.#widen()
        bytes[at + i] = unit
      }
    } else {
      if (WIDE.test(value)) return this.#widen()
      this.#bytes.write(value, at, length, 'latin1')
    }
    this.textEnd += length
    return true
  }

  written(): void {
    this.#cell += this.#layout.columns.length
    this.count++
  }

  /** The tables to come take it. */
  #widen(): false {
    this.#isWide = true
    return false
  }
}
