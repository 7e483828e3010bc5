// Keeps the results of a map until it ends: in the items' order, or as they complete.

/** The end of one item, for `settled()`; `undefined` where it has none. */
export type ValueAt = (index: number) => { value: unknown } | undefined

/** Where a map's results go. Every item comes here once, as a value or as a failure. */
export interface Gather {
  /** Takes a result; an error back means that it cannot stand here and the item failed. */
  value(index: number, value: unknown): Error | undefined
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

/** Results by index; failed items leave holes. */
export class OrderedGather implements Gather {
  readonly #results: unknown[] = []

  value(index: number, value: unknown): undefined {
    const results = this.#results
    // V8 turns an array into a dictionary when it is written far past its end; growing it first keeps it flat.
    if (index > results.length) results.length = index
    results[index] = value
  }

  failed(index: number, standIn: { error: unknown } | undefined): void {
    if (standIn !== undefined) this.value(index, standIn.error)
  }

  results(count: number): unknown[] {
    if (this.#results.length < count) this.#results.length = count
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
