// Rows where they have arrived, with their text: read in any order, though one after the other is quickest.

import { Layout } from './layout.ts'
import type { Description } from './layout.ts'
import type { RowsIn } from './code.ts'
import { keepHiddenClass } from '../hidden-class.ts'

/**
 * Text is made a string so many units at a time, and the texts of rows are slices of it, as V8 makes them: one of them keeps the piece it was cut from
 * in memory, and no more. A string for each would take a call or a loop over its units: 40 to 90 ns, where a slice takes 10.
 */
const PIECE = 8192

export interface TablePlace {
  /** The bytes that hold all of it. */
  readonly bytes: Buffer
  /** Where the rows begin: a multiple of 8 in their memory. */
  readonly rows: number
  readonly count: number
  /** Where the text begins; `stride` is the size of a row. */
  text(stride: number): number
  /** What the ends of texts in the rows call that place. */
  base(stride: number): number
}

export class TableReader implements RowsIn {
  static {
    const nowhere = { bytes: Buffer.alloc(0), rows: 0, count: 0, text: () => 0, base: () => 0 }
    keepHiddenClass(new TableReader({ layout: new Layout('', undefined, []), unit: 1 }, nowhere))
  }

  readonly layout: Layout
  readonly doubles: Float64Array
  readonly words: Int32Array
  readonly base: number
  text = ''
  textFrom = 0
  textTo = -1
  readonly #unit: 1 | 2
  readonly #bytes: Buffer
  readonly #count: number
  readonly #text: number

  constructor({ layout, unit }: Description, place: TablePlace) {
    const { buffer, byteOffset } = place.bytes
    const cells = place.count * layout.columns.length
    this.layout = layout
    this.doubles = new Float64Array(buffer, byteOffset + place.rows, cells)
    this.words = new Int32Array(buffer, byteOffset + place.rows, cells * 2)
    this.base = place.base(layout.stride)
    this.#unit = unit
    this.#bytes = place.bytes
    this.#count = place.count
    this.#text = place.text(layout.stride)
  }

  read(row: number): unknown {
    return this.layout.read(this, row)
  }

  open(row: number): void {
    const from = this.#end(row - 1)
    let low = row
    let high = this.#count - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#end(middle) - from > PIECE) high = middle - 1
      else low = middle
    }
    const to = this.#end(low)
    const begin = this.#text + (from - this.base) * this.#unit
    const end = this.#text + (to - this.base) * this.#unit
    this.text = this.#bytes.toString(this.#unit === 1 ? 'latin1' : 'utf16le', begin, end)
    this.textFrom = from
    this.textTo = to
  }

  /** Where the text of a row ends. */
  #end(row: number): number {
    const { columns, lastText } = this.layout
    return row < 0 ? this.base : (this.words[(row * columns.length + lastText) * 2] as number)
  }
}
