/**
 * Reads one key of every item and hands it to the native threads, as a column of numbers, one of texts, or both.
 *
 * The order: numbers, booleans, dates and bigints by value; then texts, by UTF-16 unit; and last, both ways, what is `undefined`, `null` or NaN.
 */
import { types } from 'node:util'

import type { addon } from '../binding.ts'
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import type { Steps } from '../native/work.ts'
import { exactText } from './exact.ts'
import type { SortSettings } from './options.ts'
import { TextColumn } from './texts.ts'

type Order = InstanceType<typeof addon.NativeOrder>
type Key = SortSettings['keys'][number]

/** Items between two looks at the clock: key functions are the user's, and may take long. */
const SLICE = 256
/** Numbers handed over at a time. */
const MOST_NUMBERS = 64 * 1024

const TEXT = 1
const MISSING = 2

const getTime: (this: unknown) => number = Date.prototype.getTime

/** Returns the numbers of the columns it made, the most important first. */
export async function readKeys(
  steps: Steps,
  order: Order,
  items: ArrayLike<unknown>,
  length: number,
  key: Key,
): Promise<number[]> {
  const reader = new KeyReader(order, length, key)
  for (let from = 0; from < length; from += SLICE) {
    const pause = steps.breathe()
    if (pause !== undefined) await pause
    reader.read(items, from, Math.min(length, from + SLICE))
  }
  return reader.end(steps)
}

class KeyReader {
  readonly #order: Order
  readonly #length: number
  readonly #key: Key
  readonly #numbers: Float64Array
  /** By item: 0 a number, 1 a text, 2 nothing. */
  readonly #classes: Uint8Array
  #texts: TextColumn | undefined
  /** What numbers cannot tell apart: integers beyond 2^53. */
  #exact: TextColumn | undefined
  #textCount = 0
  #missingCount = 0

  constructor(order: Order, length: number, key: Key) {
    this.#order = order
    this.#length = length
    this.#key = key
    this.#numbers = new Float64Array(length)
    this.#classes = new Uint8Array(length)
  }

  read(items: ArrayLike<unknown>, from: number, to: number): void {
    const { of } = this.#key
    const numbers = this.#numbers
    for (let i = from; i < to; i++) {
      const item = items[i]
      const key = of === undefined ? item : typeof of === 'function' ? of(item) : propertyOf(item, of)
      if (typeof key === 'number' && key < 2 ** 53 && key > -(2 ** 53)) numbers[i] = key
      else this.#other(i, key)
    }
  }

  #other(index: number, key: unknown): void {
    switch (typeof key) {
      case 'number':
      case 'bigint':
        return this.#large(index, key)
      case 'string':
        this.#texts ??= new TextColumn(this.#order, this.#key.down)
        this.#texts.put(index, key)
        this.#classes[index] = TEXT
        this.#textCount++
        return
      case 'boolean':
        this.#numbers[index] = Number(key)
        return
      case 'undefined':
        return this.#missing(index)
    }
    if (key === null) return this.#missing(index)
    if (types.isDate(key)) return this.#other(index, getTime.call(key))
    throw new OptionError(
      `parSort: the key of item ${index} must be a number, string, boolean, bigint, Date, undefined or null, got ${describe(key)}`,
    )
  }

  /** NaN, infinities, and what may be near to others that are the same double. */
  #large(index: number, key: number | bigint): void {
    const number = Number(key)
    if (Number.isNaN(number)) return this.#missing(index)
    this.#numbers[index] = number
    if (number < 2 ** 53 && number > -(2 ** 53)) return
    this.#exact ??= new TextColumn(this.#order, this.#key.down)
    this.#exact.put(index, exactText(key))
  }

  #missing(index: number): void {
    this.#classes[index] = MISSING
    this.#missingCount++
  }

  async end(steps: Steps): Promise<number[]> {
    const columns: number[] = []
    if (this.#texts === undefined || this.#textCount + this.#missingCount < this.#length) {
      columns.push(await this.#handNumbers(steps))
    }
    for (const texts of [this.#texts, this.#exact]) {
      if (texts === undefined) continue
      texts.end(this.#length)
      columns.push(texts.column)
    }
    return columns
  }

  async #handNumbers(steps: Steps): Promise<number> {
    const column = this.#order.add(false, this.#key.down)
    const all = this.#textCount + this.#missingCount === 0
    for (let from = 0; from < this.#length; from += MOST_NUMBERS) {
      const pause = steps.breathe()
      if (pause !== undefined) await pause
      const count = Math.min(MOST_NUMBERS, this.#length - from)
      const numbers = new Uint8Array(this.#numbers.buffer, from * 8, count * 8)
      this.#order.numbers(column, numbers, all ? null : this.#classes.subarray(from, from + count))
    }
    return column
  }
}

/** What has no properties has no key. */
function propertyOf(item: unknown, key: PropertyKey): unknown {
  return item === undefined || item === null ? undefined : (item as Record<PropertyKey, unknown>)[key]
}
