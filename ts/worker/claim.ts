import { readDescription } from '../table/layout.ts'
import { TableReader } from '../table/reader.ts'

/** What a claim brought: sixteen header words, the offsets, the key dictionary and the items, all in one inbox. */
const HEAD_BYTES = 64
/** The items are numbers, 8 bytes each, without offsets. */
const FLAG_ROW = 2
/** The items are elements of shared memory. */
const FLAG_ELEMENTS = 4
/** The items have a timeout. */
const FLAG_TIMED = 8
/** The items are rows of a table. */
const FLAG_TABLE = 16
/** What stands between the rows of a table and their text. */
const BASE_BYTES = 8

export class Claim {
  readonly inbox: Buffer
  readonly #words: Int32Array
  /** Its items, where they are a row of numbers. */
  readonly cells: Float64Array | undefined
  readonly frame: number
  readonly items: number
  readonly first: number
  readonly attempt: number
  readonly job: number
  readonly recipe: number
  readonly parcels: number
  readonly width: number
  /** What it is known by: its frame goes to another claim when it has ended, or was taken back whole. */
  readonly id: number
  /** Slot of the worker whose job it is; `null` for the home's. */
  readonly caller: number | null
  /** Its items are elements of shared memory; then the definitions tell where. */
  readonly areElements: boolean
  /** Its items may be stopped for their time, and are begun one by one for that. */
  readonly areTimed: boolean
  readonly #isTable: boolean
  readonly #payload: number

  constructor(inbox: Inbox) {
    const words = inbox.words
    this.inbox = inbox.bytes
    this.#words = words
    this.frame = words[0] as number
    this.items = words[1] as number
    this.first = (words[2] as number) >>> 0
    this.attempt = words[3] as number
    this.job = ((words[4] as number) >>> 0) + (words[5] as number) * 0x1_0000_0000
    this.recipe = (words[6] as number) >>> 0
    this.parcels = (words[7] as number) >>> 0
    this.width = words[8] as number
    this.id = (words[9] as number) >>> 0
    const flags = words[10] as number
    this.areElements = (flags & FLAG_ELEMENTS) !== 0
    this.areTimed = (flags & FLAG_TIMED) !== 0
    this.caller = words[14] === 0 ? null : (words[14] as number) - 1
    this.#isTable = (flags & FLAG_TABLE) !== 0
    this.#payload = words[13] as number
    if ((flags & FLAG_ROW) !== 0) this.cells = new Float64Array(inbox.bytes.buffer, this.#payload, this.items)
  }

  /** Where an item's bytes begin in the inbox; of the last one plus one, where they end. */
  begin(item: number): number {
    return this.#payload + (this.#words[HEAD_BYTES / 4 + item] as number)
  }

  /** Its items, where they are a table. Throws if that cannot be read. */
  table(): TableReader | undefined {
    if (!this.#isTable) return undefined
    const rows = this.#payload
    return new TableReader(readDescription(this.definitions()), {
      bytes: this.inbox,
      rows,
      count: this.items,
      text: (stride) => rows + this.items * stride + BASE_BYTES,
      base: (stride) => this.#words[(rows + this.items * stride) >>> 2] as number,
    })
  }

  /** Whether there is anything that is needed for more than one of its items. */
  get hasDefinitions(): boolean {
    return this.#words[12] !== 0
  }

  definitions(): Buffer {
    const start = this.#words[11] as number
    return this.inbox.subarray(start, start + (this.#words[12] as number))
  }
}

/** Memory that a claim is written into; in use until its last item has started. */
export class Inbox {
  readonly bytes: Buffer
  readonly words: Int32Array

  constructor(length: number) {
    const memory = new ArrayBuffer((length + 7) & ~7)
    this.bytes = Buffer.from(memory)
    this.words = new Int32Array(memory)
  }
}
