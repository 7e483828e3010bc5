/**
 * Finished results, as records in shared memory: whoever looks (the home's tick, this worker's commit, its death) finds whole records only,
 * because the cursor moves after the bytes.
 *
 * Numbers of items that follow one another go in a row behind one header. While the row is open each of its cells tells by itself whether its result is
 * there: it is made empty before. Each record after it, and each call that empties the outbox, closes it first.
 */
import { ROW, SPAN, TABLE } from '../pool/hub.ts'
import { map } from '../pool/memory.ts'
import { OPEN_TABLE, WRITTEN } from './panel.ts'
import type { Panel } from './panel.ts'
import type { Seat } from '../binding.ts'
import type { Rings } from '../pool/memory.ts'

const HEAD = 16
/** A larger result goes to the core at once instead of through shared memory. */
const LARGE = 64 * 1024
/** Cells of a row that takes results one by one: no more are made empty ahead of them. */
const CELLS_AHEAD = 256
/** What an empty cell holds; see `EMPTY` in crates/core. */
const EMPTY = (BigInt(map.emptyHigh) << 32n) | BigInt(map.emptyLow)

/** Whoever fills the open table. */
export interface OpenTable {
  /** It ends here: gives its bytes. */
  ended(): number
}

export class Outbox {
  readonly #panel: Panel
  readonly #seat: Seat
  readonly #rings: Rings
  // The open row: its frame (-1 for none), the item that it takes next, and where that goes, counted in cells; where it began, and where room ends.
  #rowFrame = -1
  #rowItem = 0
  #cell = 0
  #firstCell = 0
  #lastCell = 0
  /** The open table. */
  #table: OpenTable | undefined

  constructor(panel: Panel, seat: Seat, rings: Rings) {
    this.#panel = panel
    this.#seat = seat
    this.#rings = rings
  }

  /** Writes one record. `item` counts within the frame; the attempt ran for `ran` ms, or 0 where nobody looked at the clock. */
  write(frame: number, kind: number, item: number, ran: number, payload: Buffer | Uint8Array, length: number): void {
    const panel = this.#panel
    const size = HEAD + ((length + 7) & ~7)
    this.close()
    let at = this.#written
    if (length > LARGE) {
      this.#rings.pull(this.#seat.commitLarge(frame, kind, item, ran, payload.subarray(0, length)))
      return
    }
    if (at + size > map.outboxBytes) at = this.#emptied()
    copy(payload, panel.outbox, at + HEAD, length)
    this.#seal(frame, kind, item, ran, at, length, size)
  }

  /** Writes the record of a result whose payload has been posted: one without bytes. */
  writePosted(frame: number, kind: number, item: number, ran: number): void {
    this.close()
    let at = this.#written
    if (at + HEAD > map.outboxBytes) at = this.#emptied()
    this.#seal(frame, kind, item, ran, at, 0, HEAD)
  }

  /** The value of an item, for frames whose items run one after the other; `left` of them, with this one. Public at once. */
  number(frame: number, item: number, left: number, value: number): void {
    if (frame !== this.#rowFrame || item !== this.#rowItem || this.#cell === this.#lastCell)
      this.openRow(frame, item, Math.min(left, CELLS_AHEAD))
    this.#panel.outboxCells[this.#cell++] = value
    this.#rowItem = item + 1
  }

  /** Opens a row of so many cells at most, for `item` and those behind it. Gives the place of the first among all cells of the outbox. */
  openRow(frame: number, item: number, cells: number): number {
    this.close()
    const panel = this.#panel
    let at = this.#written
    if (at + HEAD + cells * 8 > map.outboxBytes) at = this.#emptied()
    const first = (at + HEAD) >>> 3
    panel.outboxBits.fill(EMPTY, first, first + cells)
    this.#seal(frame, ROW, item, 0, at, cells * 8, HEAD)
    this.#rowFrame = frame
    this.#rowItem = item
    this.#cell = this.#firstCell = first
    this.#lastCell = first + cells
    return first
  }

  /** Ends the open row, whose first cells, so many, were written from outside. */
  closeRow(cells: number): void {
    this.#cell = this.#firstCell + cells
    this.close()
  }

  /** Ends the row or the table, if one is open. */
  close(): void {
    if (this.#table !== undefined) {
      const table = this.#table
      this.#table = undefined
      this.#closeTable(table.ended())
    }
    if (this.#rowFrame === -1) return
    this.#rowFrame = -1
    const { words, outboxWords } = this.#panel
    outboxWords[this.#firstCell * 2 - 1] = this.#cell - this.#firstCell
    Atomics.store(words, WRITTEN, this.#lastCell * 8)
  }

  /**
   * Opens a table of `least` bytes or up to `most`, for `item` and those behind it. Nobody looks at it before it is closed, but for whoever finds
   * this thread dead, or held up by an item. Gives where its payload stands in the outbox, and the bytes that it may take.
   */
  openTable(table: OpenTable, frame: number, item: number, least: number, most: number): { at: number; bytes: number } {
    this.close()
    this.#table = table
    let at = this.#written
    if (at + HEAD + least > map.outboxBytes) at = this.#emptied()
    const bytes = Math.min(map.outboxBytes - at - HEAD, most) & ~7
    this.#head(frame, TABLE, item, 0, at, bytes)
    this.#panel.words[OPEN_TABLE] = HEAD + bytes
    return { at: at + HEAD, bytes }
  }

  /** As one of so many bytes; of none, if nothing came of it. */
  #closeTable(bytes: number): void {
    const at = this.#written
    const { words, outboxWords } = this.#panel
    words[OPEN_TABLE] = 0
    if (bytes === 0) return
    outboxWords[at >>> 2] = bytes
    Atomics.store(words, WRITTEN, at + HEAD + ((bytes + 7) & ~7))
  }

  /** Tells that elements from `first` on have ended, with their results in shared memory. */
  writeSpan(frame: number, first: number, count: number): void {
    const payload = Buffer.allocUnsafe(4)
    payload.writeUInt32LE(count)
    this.write(frame, SPAN, first, 0, payload, 4)
  }

  /** Nobody else writes it, but for calls that this thread makes: so it needs no `Atomics`, which cost 10 ns a look. */
  get #written(): number {
    return this.#panel.words[WRITTEN] as number
  }

  /** Hands everything over now. */
  commit(): void {
    this.close()
    if (this.#written !== 0) this.#rings.pull(this.#seat.commit())
  }

  #emptied(): number {
    this.#rings.pull(this.#seat.commit())
    return this.#written
  }

  #seal(frame: number, kind: number, item: number, ran: number, at: number, length: number, size: number): void {
    this.#head(frame, kind, item, ran, at, length)
    Atomics.store(this.#panel.words, WRITTEN, at + size)
  }

  #head(frame: number, kind: number, item: number, ran: number, at: number, length: number): void {
    const words = this.#panel.outboxWords
    const word = at >>> 2
    words[word] = length
    words[word + 1] = frame | (kind << 16)
    words[word + 2] = item
    this.#panel.outboxFloats[word + 3] = ran
  }
}

/** Short payloads are cheaper to copy byte by byte than by a call. */
function copy(from: Uint8Array, to: Buffer, at: number, length: number): void {
  if (length > 48) {
    to.set(from.subarray(0, length), at)
    return
  }
  for (let i = 0; i < length; i++) to[at + i] = from[i] as number
}
