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
import { NumberColumn } from './numbers.ts'
import type { SortSettings } from './options.ts'
import { TextColumn } from './texts.ts'

type Order = InstanceType<typeof addon.NativeOrder>
type Key = SortSettings['keys'][number]

/** Items between two looks at the clock: key functions are the user's, and may take long. */
const SLICE = 256

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
  return reader.end()
}

class KeyReader {
  readonly #order: Order
  readonly #length: number
  readonly #key: Key
  readonly #numbers: NumberColumn
  #texts: TextColumn | undefined
  /** What numbers cannot tell apart: integers beyond 2^53. */
  #exact: TextColumn | undefined

  constructor(order: Order, length: number, key: Key) {
    this.#order = order
    this.#length = length
    this.#key = key
    this.#numbers = new NumberColumn(order, length, key.down)
  }

  read(items: ArrayLike<unknown>, from: number, to: number): void {
    const { of } = this.#key
    const numbers = this.#numbers.room(to - from)
    for (let i = from; i < to; i++) {
      const item = items[i]
      const key = of === undefined ? item : typeof of === 'function' ? of(item) : propertyOf(item, of)
      if (typeof key === 'number' && key < 2 ** 53 && key > -(2 ** 53)) numbers[i - from] = key
      else this.#other(i, i - from, key)
    }
    this.#numbers.took(to - from)
  }

  #other(index: number, at: number, key: unknown): void {
    switch (typeof key) {
      case 'number':
      case 'bigint':
        return this.#large(index, at, key)
      case 'string':
        this.#texts ??= new TextColumn(this.#order, this.#length, this.#key.down)
        this.#texts.put(index, key)
        return this.#numbers.text(at)
      case 'boolean':
        return this.#numbers.put(at, Number(key))
      case 'undefined':
        return this.#numbers.missing(at)
    }
    if (key === null) return this.#numbers.missing(at)
    if (types.isDate(key)) return this.#other(index, at, getTime.call(key))
    throw new OptionError(
      `parSort: the key of item ${index} must be a number, string, boolean, bigint, Date, undefined or null, got ${describe(key)}`,
    )
  }

  /** NaN, infinities, and what may be near to others that are the same double. */
  #large(index: number, at: number, key: number | bigint): void {
    const number = Number(key)
    if (Number.isNaN(number)) return this.#numbers.missing(at)
    this.#numbers.put(at, number)
    if (number < 2 ** 53 && number > -(2 ** 53)) return
    this.#exact ??= new TextColumn(this.#order, this.#length, this.#key.down)
    this.#exact.put(index, exactText(key))
  }

  end(): number[] {
    const columns: number[] = []
    const numbers = this.#numbers.end(this.#texts === undefined)
    if (numbers !== undefined) columns.push(numbers)
    for (const texts of [this.#texts, this.#exact]) {
      if (texts === undefined) continue
      texts.end(this.#length)
      columns.push(texts.column)
    }
    return columns
  }
}

/** What has no properties has no key. */
function propertyOf(item: unknown, key: PropertyKey): unknown {
  return item === undefined || item === null ? undefined : (item as Record<PropertyKey, unknown>)[key]
}
