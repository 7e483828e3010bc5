// Keeps the results of a map over a typed array in another one of the same kind.

import { types } from 'node:util'

import { kindOf, typeOf } from '../elements/kinds.ts'
import type { Numbers } from '../elements/kinds.ts'
import { Bits } from './bits.ts'
import { largePages } from '../large-memory.ts'
import type { Gather, ValueAt } from './gather.ts'
import { keepHiddenClass } from '../hidden-class.ts'

/** A `Buffer` and any subclass count as the kind they are made of. The results stand on shared memory exactly when the items do. */
function resultsFor(items: NodeJS.TypedArray): Numbers {
  const Kind = kindOf(items)
  const results = types.isSharedArrayBuffer(items.buffer)
    ? new Kind(new SharedArrayBuffer(items.length * Kind.BYTES_PER_ELEMENT))
    : new Kind(items.length)
  // The first touch of ordinary pages took half the time of the plain loop over 10 million square roots.
  largePages(results.buffer)
  return results
}

/** Why a result cannot stand there, if it cannot. */
class Standard {
  readonly #kind: string
  readonly #type: 'number' | 'bigint'

  constructor(items: NodeJS.TypedArray) {
    const Kind = kindOf(items)
    this.#kind = Kind.name
    this.#type = typeOf(Kind)
  }

  get zero(): number | bigint {
    return this.#type === 'bigint' ? 0n : 0
  }

  refusal(value: unknown): TypeError | undefined {
    if (typeof value === this.#type) return undefined
    return new TypeError(
      `The result for an item of a ${this.#kind} must be a ${this.#type}, got ${value === null ? 'null' : typeof value}`,
    )
  }
}

/** Results in the items' places; failed slots are 0. */
export class TypedGather implements Gather {
  static {
    keepHiddenClass(new TypedGather(new Float64Array(0)))
  }

  /** Workers may write them. */
  readonly memory: Numbers
  readonly #standard: Standard
  readonly #has: Bits

  constructor(items: NodeJS.TypedArray) {
    this.memory = resultsFor(items)
    this.#standard = new Standard(items)
    this.#has = new Bits(items.length)
  }

  value(index: number, value: unknown): Error | undefined {
    const refusal = this.#standard.refusal(value)
    if (refusal !== undefined) return refusal
    this.memory[index] = value as number
    this.#has.set(index)
    return undefined
  }

  row(index: number, cells: Float64Array, from: number, count: number): boolean {
    if (this.#standard.zero !== 0) return false
    for (let i = 0; i < count; i++) this.memory[index + i] = cells[from + i] as number
    this.#has.setAll(index, index + count)
    return true
  }

  span(first: number, count: number): void {
    this.#has.setAll(first, first + count)
  }

  /** A worker may have died between the result and its word that there is one. */
  failed(index: number): void {
    this.memory[index] = this.#standard.zero
  }

  results(): Numbers {
    return this.memory
  }

  valueAt(): ValueAt {
    return (index) => (this.#has.has(index) ? { value: this.memory[index] } : undefined)
  }
}

/** Results as they complete; failed slots are 0. */
export class TypedCompletionGather implements Gather {
  readonly #results: Numbers
  readonly #standard: Standard
  // Which slot holds which item's result, counted from 1; 0 where there is none.
  readonly #slots: Uint32Array
  #ended = 0

  constructor(items: NodeJS.TypedArray) {
    this.#results = resultsFor(items)
    this.#standard = new Standard(items)
    this.#slots = new Uint32Array(items.length)
  }

  value(index: number, value: unknown): Error | undefined {
    const refusal = this.#standard.refusal(value)
    if (refusal !== undefined) return refusal
    const slot = this.#ended++
    this.#results[slot] = value as number
    this.#slots[index] = slot + 1
    return undefined
  }

  failed(): void {
    this.#ended++
  }

  results(): Numbers {
    return this.#results
  }

  valueAt(): ValueAt {
    return (index) => {
      const slot = this.#slots[index]
      return slot === undefined || slot === 0 ? undefined : { value: this.#results[slot - 1] }
    }
  }
}
