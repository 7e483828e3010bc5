/** A column of numbers on its way to the native threads, through a little memory that stays warm; none is made while there are only texts. */
import type { addon } from '../binding.ts'

type Order = InstanceType<typeof addon.NativeOrder>

/** Numbers that are handed over together. */
const ROOM = 16_384

const TEXT = 1
const MISSING = 2

export class NumberColumn {
  readonly #order: Order
  readonly #length: number
  readonly #down: boolean
  readonly #numbers = new Float64Array(ROOM)
  /** Of each: 0 a number, 1 a text, 2 nothing. */
  readonly #classes = new Uint8Array(ROOM)
  #count = 0
  /** Of these, no numbers. */
  #others = 0
  #column: number | undefined
  /** The classes of what came before the first number. */
  #before: Uint8Array[] = []

  constructor(order: Order, length: number, down: boolean) {
    this.#order = order
    this.#length = length
    this.#down = down
  }

  /** Where the next `count` numbers are to be written, a few at a time. */
  room(count: number): Float64Array {
    if (this.#count + count > ROOM) this.#flush()
    return this.#numbers.subarray(this.#count, this.#count + count)
  }

  /** So many were written, or told to be none. */
  took(count: number): void {
    this.#count += count
  }

  /** The one at `at` of those that are being written is this. */
  put(at: number, number: number): void {
    this.#numbers[this.#count + at] = number
  }

  text(at: number): void {
    this.#others++
    this.#classes[this.#count + at] = TEXT
  }

  missing(at: number): void {
    this.#others++
    this.#classes[this.#count + at] = MISSING
  }

  /** The column's number; none is made for texts alone, unless it is `wanted`. */
  end(wanted: boolean): number | undefined {
    this.#flush()
    if (wanted) this.#make()
    return this.#column
  }

  #flush(): void {
    const count = this.#count
    if (this.#column === undefined && this.#others === count) {
      this.#before.push(this.#classes.slice(0, count))
    } else {
      const column = this.#make()
      const classes = this.#others === 0 ? null : this.#classes.subarray(0, count)
      this.#order.numbers(column, new Uint8Array(this.#numbers.buffer, 0, count * 8), classes)
    }
    if (this.#others > 0) this.#classes.fill(0, 0, count)
    this.#count = 0
    this.#others = 0
  }

  #make(): number {
    if (this.#column !== undefined) return this.#column
    const column = this.#order.add(false, this.#down, this.#length)
    for (const classes of this.#before) {
      // What stands in place of numbers is not looked at.
      this.#order.numbers(column, new Uint8Array(this.#numbers.buffer, 0, classes.length * 8), classes)
    }
    this.#before = []
    return (this.#column = column)
  }
}
