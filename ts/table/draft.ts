// The table that a caller is filling: its rows, and the texts of all of them, which are put together when it is handed over.

import type { Layout } from './layout.ts'
import { layoutFor } from './layout.ts'
import { Texts } from './texts.ts'
import type { RowsOut } from './code.ts'

/** A table as it is handed over. */
export interface TableParts {
  readonly rows: Buffer
  /** Bytes of a row. */
  readonly stride: number
  /** The text of all rows, one after the other, `unit` bytes a unit. */
  readonly text: Buffer
  readonly unit: 1 | 2
  /** Where in a row stands where its text ends; `undefined` where there is none. */
  readonly endsAt: number | undefined
  readonly description: Buffer
}

export class TableDraft implements RowsOut {
  doubles: Float64Array = new Float64Array(0)
  words: Int32Array = new Int32Array(0)
  textEnd = 0
  count = 0
  #layout: Layout | undefined
  /** What takes the row that ended this table, besides its own. */
  #wider: Layout | undefined
  readonly #texts = new Texts()

  /** Bytes so far: exactly, once `parts` has been asked for. */
  get bytes(): number {
    return this.count * (this.#layout?.stride ?? 0) + this.#texts.bytes
  }

  /** Takes the value as the next row; false where it is none. The first one of a table says what the others are to be, together with those of tables before. */
  add(value: unknown): boolean {
    if (this.#layout?.write(value, this) === true) return true
    const layout = this.#layout?.with(value)
    if (this.count > 0) {
      this.#wider = layout?.name === this.#layout?.name ? undefined : layout
      return false
    }
    this.#layout = layout ?? layoutFor(value)
    return this.#layout?.write(value, this) ?? false
  }

  /** Whether the next table will take what this one did not. */
  get widens(): boolean {
    return this.#wider !== undefined
  }

  /** What is to be handed over: in memory that is reused after `clear`. */
  parts(): TableParts {
    const layout = this.#layout as Layout
    const { bytes, unit } = this.#texts.whole()
    return {
      rows: Buffer.from(this.doubles.buffer, 0, this.count * layout.stride),
      stride: layout.stride,
      text: bytes,
      endsAt: layout.lastText < 0 ? undefined : layout.lastText * 8,
      unit,
      description: layout.description(unit),
    }
  }

  /** The next table begins. */
  clear(): void {
    this.count = 0
    this.textEnd = 0
    this.#layout = this.#wider ?? this.#layout
    this.#wider = undefined
    this.#texts.clear()
  }

  row(): number {
    const { length } = (this.#layout as Layout).columns
    const at = this.count * length
    if (at + length > this.doubles.length) this.#grow(at + length)
    return at
  }

  text(value: string): boolean {
    this.#texts.add(value)
    this.textEnd += value.length
    return true
  }

  written(): void {
    this.count++
  }

  #grow(cells: number): void {
    const grown = new Float64Array(Math.max(cells, this.doubles.length * 2, 512))
    grown.set(this.doubles)
    this.doubles = grown
    this.words = new Int32Array(grown.buffer)
  }
}
