// Keeps the results of batches, any number of them each, as one flat list.

import type { Gather, ValueAt } from './gather.ts'

/** What a batch gave; `undefined` for one that failed and leaves a hole. */
type List = readonly unknown[] | undefined

/**
 * An array is as many results as it has elements, `undefined` is none, anything else is one. A failed batch leaves a hole, or its error.
 * Flattened as the batches end, because doing it all at the end would hold the caller.
 */
export class FlatGather implements Gather {
  readonly #ordered: boolean
  readonly #results: unknown[] = []
  // By batch: where its results begin, and how many they are.
  readonly #begins: number[] = []
  readonly #counts: number[] = []
  // Batches that ended before one ahead of them.
  readonly #early = new Map<number, List>()
  #next = 0

  constructor(ordered: boolean) {
    this.#ordered = ordered
  }

  value(index: number, value: unknown): undefined {
    this.#take(index, listOf(value))
  }

  failed(index: number, standIn: { error: unknown } | undefined): void {
    this.#take(index, standIn === undefined ? undefined : [standIn.error])
  }

  results(): unknown[] {
    return this.#results
  }

  valueAt(): ValueAt {
    return (index) => {
      const early = this.#early.get(index)
      if (early !== undefined) return { value: early }
      const begin = this.#begins[index]
      if (begin === undefined) return undefined
      return { value: this.#results.slice(begin, begin + (this.#counts[index] as number)) }
    }
  }

  #take(index: number, list: List): void {
    if (!this.#ordered) return this.#append(index, list)
    this.#early.set(index, list)
    while (this.#early.has(this.#next)) {
      this.#append(this.#next, this.#early.get(this.#next))
      this.#early.delete(this.#next++)
    }
  }

  #append(index: number, list: List): void {
    // Grown first, as in `OrderedGather`.
    if (index >= this.#begins.length) this.#begins.length = this.#counts.length = index + 1
    if (list === undefined) {
      this.#results.length++
      return
    }
    this.#begins[index] = this.#results.length
    this.#counts[index] = list.length
    for (const result of list) this.#results.push(result)
  }
}

function listOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value as unknown[]
  return value === undefined ? [] : [value]
}
