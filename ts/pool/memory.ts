/** Shared memory of a pool: the words that all its threads share, and one panel per slot. Offsets come from the addon, so none is written down twice. */
import { addon } from '../binding.ts'

export const map: ReturnType<typeof addon.memoryMap> = addon.memoryMap()

/** A slot number that means the home, when the home is itself a worker of another pool. */
export const HOME_SLOT = 0x7ffe

export function newPoolWords(slots: number): SharedArrayBuffer {
  return new SharedArrayBuffer((map.rings + map.ringStride * slots) * 4)
}

export function newPanel(): SharedArrayBuffer {
  return new SharedArrayBuffer(map.panelBytes)
}

/** How many slots these words were made for. */
export function slotsOf(words: Int32Array): number {
  return (words.length - map.rings) / map.ringStride
}

/** Wakes the threads that a native call named: two slots fit into its answer, the rest is asked for. */
export class Rings {
  readonly words: Int32Array
  readonly #rest: () => number[]

  constructor(words: SharedArrayBuffer, rest: () => number[]) {
    this.words = new Int32Array(words)
    this.#rest = rest
  }

  /** Rings whom `packed` names; 0 names nobody. */
  pull(packed: number): void {
    if (packed === 0) return
    const first = packed & 0x7fff
    const second = (packed >>> 15) & 0x7fff
    if (first !== 0) this.#one(first - 1)
    if (second !== 0) this.#one(second - 1)
    if ((packed & 0x40000000) !== 0) this.rest()
  }

  /** Rings whom native code could not: a ring is owed when a worker dies. */
  rest(): void {
    for (const slot of this.#rest()) this.#one(slot)
  }

  #one(slot: number): void {
    const word = slot === HOME_SLOT ? map.home : ringWord(slot)
    Atomics.store(this.words, word, 0)
    Atomics.notify(this.words, word)
  }
}

/** Index of a word, beside its ring, that says that the worker in `slot` has mail to look at before it claims. */
export function mailWord(slot: number): number {
  return ringWord(slot) + 1
}

/** Index of the word on which the worker in `slot` waits. */
export function ringWord(slot: number): number {
  return map.rings + slot * map.ringStride
}
