// Keeps the results of a map until it ends: in the items' order, or as they complete.

import { keepHiddenClass } from '../hidden-class.ts'

/** The end of one item, for `settled()`; `undefined` where it has none. */
export type ValueAt = (index: number) => { value: unknown } | undefined

/** Where a map's results go. Every item comes here once, as a value or as a failure. */
export interface Gather {
  /** Takes a result; an error back means that it cannot stand here and the item failed. */
  value(index: number, value: unknown): Error | undefined
  /** The same for `count` items that follow one another and are numbers, from `from` on in `cells`. False: they are to come one by one. */
  row?(index: number, cells: Float64Array, from: number, count: number): boolean
  /** The same for items that follow one another, whatever their results are. */
  values?(index: number, values: readonly unknown[]): void
  /** Takes note of results that stand in their places already. */
  span?(first: number, count: number): void
  /** The item's place: `standIn` goes there under `onError: 'return'`, else it stays empty. */
  failed(index: number, standIn: { error: unknown } | undefined): void
  /** What the job resolves with, or `ParallelError` carries, once all `count` items have ended. */
  results(count: number): unknown
  /** Looks up results by item. */
  valueAt(): ValueAt
}

const own = Object.prototype.hasOwnProperty

/** So many are taken as a sample of what all of them are. */
const FIRST_RESULTS = 64

/**
 * What makes an array one of doubles. An array of a million small integers is turned into one as soon as the loop that fills it from cells has ever met doubles,
 * and that costs half as much as all of a map.
 */
const A_DOUBLE = 0.5

/** Results by index; failed items leave holes. */
export class OrderedGather implements Gather {
  static {
    keepHiddenClass(new OrderedGather())
  }

  readonly #results: unknown[] = []
  readonly #total: number
  #isWhole = false

  /** `total`: how many results are to be expected, 0 where nobody knows. */
  constructor(total = 0) {
    this.#total = total
  }

  value(index: number, value: unknown): undefined {
    const results = this.#results
    if (index > results.length || (index >= FIRST_RESULTS && !this.#isWhole)) this.#grow(index, value)
    results[index] = value
  }

  row(index: number, cells: Float64Array, from: number, count: number): boolean {
    const results = this.#results
    if (index > results.length || !this.#isWhole) this.#grow(index, A_DOUBLE)
    for (let i = 0; i < count; i++) results[index + i] = cells[from + i]
    return true
  }

  values(index: number, values: readonly unknown[]): void {
    const results = this.#results
    const { length } = values
    if (index > results.length || !this.#isWhole) this.#grow(index, values[0])
    for (let i = 0; i < length; i++) results[index + i] = values[i]
  }

  // V8 turns an array into a dictionary when it is written far past its end; growing it first keeps it flat. Once the first results have made it one of
  // small integers, doubles, or anything, it is grown to its full length: step by step, with a copy of it all each time, costs as much as all else here,
  // and so does turning a whole one into another kind, as an early `1` among doubles would.
  #grow(index: number, value: unknown): void {
    const results = this.#results
    if (index > results.length) results.length = index
    if (this.#isWhole) return
    results[index] = value
    if (this.#total > results.length) results.length = this.#total
    this.#isWhole = true
  }

  failed(index: number, standIn: { error: unknown } | undefined): void {
    if (standIn !== undefined) this.value(index, standIn.error)
  }

  results(count: number): unknown[] {
    if (this.#results.length !== count) this.#results.length = count
    return this.#results
  }

  valueAt(): ValueAt {
    return (index) => (own.call(this.#results, index) ? { value: this.#results[index] } : undefined)
  }
}

/** Results as they complete; which item each belongs to is kept for `settled()`. */
export class CompletionGather implements Gather {
  readonly #results: unknown[] = []
  readonly #indexes: number[] = []

  value(index: number, value: unknown): undefined {
    this.#results.push(value)
    this.#indexes.push(index)
  }

  failed(index: number, standIn: { error: unknown } | undefined): void {
    if (standIn !== undefined) return this.value(index, standIn.error)
    this.#results.length++
    this.#indexes.push(index)
  }

  results(): unknown[] {
    return this.#results
  }

  valueAt(): ValueAt {
    const places = new Map(this.#indexes.map((index, place) => [index, place]))
    return (index) => {
      const place = places.get(index)
      return place !== undefined && own.call(this.#results, place) ? { value: this.#results[place] } : undefined
    }
  }
}
