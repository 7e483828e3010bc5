// Keeps the results of a map over a typed array in another one of the same kind.

import { types } from 'node:util'

import type { Gather, ValueAt } from './gather.ts'

type Numbers = { [index: number]: number | bigint; readonly length: number }
type Kind = {
  new (length: number): Numbers
  new (buffer: ArrayBufferLike): Numbers
  readonly BYTES_PER_ELEMENT: number
  readonly name: string
}

const kindOf = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(Uint8Array.prototype), Symbol.toStringTag)
  ?.get as () => string

/**
 * Failed slots stay 0. A `Buffer` and any subclass count as the kind they are made of.
 * The results stand on shared memory exactly when the items do.
 */
export class TypedGather implements Gather {
  readonly #results: Numbers
  readonly #kind: string
  readonly #type: 'number' | 'bigint'
  // Which slot holds which item's result, counted from 1; 0 where there is none.
  readonly #slots: Uint32Array
  readonly #ordered: boolean
  #ended = 0

  constructor(items: NodeJS.TypedArray, ordered: boolean) {
    this.#kind = kindOf.call(items)
    this.#type = this.#kind.startsWith('Big') ? 'bigint' : 'number'
    const Kind = (globalThis as unknown as Record<string, Kind>)[this.#kind] as Kind
    this.#results = types.isSharedArrayBuffer(items.buffer)
      ? new Kind(new SharedArrayBuffer(items.length * Kind.BYTES_PER_ELEMENT))
      : new Kind(items.length)
    this.#slots = new Uint32Array(items.length)
    this.#ordered = ordered
  }

  value(index: number, value: unknown): Error | undefined {
    if (typeof value !== this.#type) {
      return new TypeError(
        `The result for an item of a ${this.#kind} must be a ${this.#type}, got ${value === null ? 'null' : typeof value}`,
      )
    }
    const slot = this.#ordered ? index : this.#ended++
    this.#results[slot] = value as number
    this.#slots[index] = slot + 1
    return undefined
  }

  row(index: number, cells: Float64Array, from: number, count: number): boolean {
    if (this.#type !== 'number' || !this.#ordered) return false
    for (let i = 0; i < count; i++) {
      this.#results[index + i] = cells[from + i] as number
      this.#slots[index + i] = index + i + 1
    }
    return true
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
