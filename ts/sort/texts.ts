/** A column of texts on its way to the native threads: many at a time, joined, for each handing over costs more than a text. */
import type { addon } from '../binding.ts'

type Order = InstanceType<typeof addon.NativeOrder>

/** Texts, and characters, that are handed over together. */
const MOST_TEXTS = 8192
const MOST_CHARACTERS = 64 * 1024
/** The length of a text that is missing. */
const MISSING = 0xffffffff

export class TextColumn {
  /** Its number in the order. */
  readonly column: number
  readonly #order: Order
  readonly #lengths = new Uint32Array(MOST_TEXTS)
  #texts: string[] = []
  #count = 0
  #characters = 0
  /** Missing ones that were not handed over yet, in front of what is collected. */
  #skipped = 0
  /** Items that have their place here. */
  #next = 0

  constructor(order: Order, length: number, down: boolean) {
    this.column = order.add(true, down, length)
    this.#order = order
  }

  /** The text of item `index`; those before it that were not told have none. */
  put(index: number, text: string): void {
    this.#skipTo(index)
    if (this.#count === MOST_TEXTS) this.#flush()
    this.#lengths[this.#count++] = text.length
    this.#texts.push(text)
    this.#next = index + 1
    this.#characters += text.length
    if (this.#characters >= MOST_CHARACTERS) this.#flush()
  }

  /** There are so many items in all. */
  end(items: number): void {
    this.#skipTo(items)
    this.#flush()
  }

  #skipTo(index: number): void {
    const gap = index - this.#next
    this.#next = index
    if (gap > MOST_TEXTS - this.#count) {
      this.#flush()
      this.#skipped = gap
    } else {
      this.#lengths.fill(MISSING, this.#count, this.#count + gap)
      this.#count += gap
    }
  }

  #flush(): void {
    const lengths = new Uint8Array(this.#lengths.buffer, 0, this.#count * 4)
    this.#order.texts(this.column, this.#skipped, this.#texts.join(''), lengths)
    this.#texts = []
    this.#count = 0
    this.#characters = 0
    this.#skipped = 0
  }
}
