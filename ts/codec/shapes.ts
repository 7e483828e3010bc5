// The dictionary of record shapes: finds the number of a list of keys, and writes each list once.

import { ByteWriter } from './writer.ts'

// Records with more keys, or further shapes, are more likely maps than records: their keys travel with them.
const MOST_KEYS = 64
const MOST_SHAPES = 1024

const NO_KEYS: readonly string[] = []

/** A list of keys that occurred; `number` is -1 until it is in the dictionary. */
export interface Shape {
  readonly keys: readonly string[]
  number: number
  /** What followed it last time: a guess that usually saves the search. */
  next: Shape | undefined
}

interface Branch {
  shape: Shape | undefined
  branches: Map<string, Branch> | undefined
}

export class ShapeTable {
  readonly #definitions = new ByteWriter(256)
  #root: Branch = { shape: undefined, branches: undefined }
  #last: Shape | undefined
  #known = 0
  #defined = 0

  clear(): void {
    if (this.#known > 0) this.#root = { shape: undefined, branches: undefined }
    this.#definitions.clear()
    this.#last = undefined
    this.#known = 0
    this.#defined = 0
  }

  /** The keys that a record probably has that comes now. */
  guess(): readonly string[] {
    return this.#last?.next?.keys ?? NO_KEYS
  }

  // The number of a record's shape, or -1 where the keys must travel with it: at its first sight, and past the limits.
  numberOf(keys: readonly string[]): number {
    if (keys.length > MOST_KEYS) return -1
    const guess = this.#last?.next
    const shape = guess !== undefined && (guess.keys === keys || sameKeys(guess.keys, keys)) ? guess : this.#find(keys)
    if (shape === undefined) return -1
    if (this.#last !== undefined) this.#last.next = shape
    this.#last = shape
    return shape.number
  }

  // What was defined since it was last taken, or null.
  take(): Uint8Array | null {
    const { length } = this.#definitions
    if (length === 0) return null
    const taken = new Uint8Array(this.#definitions.buffer.subarray(0, length))
    this.#definitions.clear()
    return taken
  }

  #find(keys: readonly string[]): Shape | undefined {
    let at = this.#root
    for (const key of keys) {
      let next = at.branches?.get(key)
      if (next === undefined) {
        if (this.#known >= MOST_SHAPES) return undefined
        next = { shape: undefined, branches: undefined }
        at.branches ??= new Map()
        at.branches.set(key, next)
      }
      at = next
    }
    if (at.shape === undefined) {
      if (this.#known++ >= MOST_SHAPES) return undefined
      return (at.shape = { keys, number: -1, next: undefined })
    }
    if (at.shape.number === -1) this.#define(at.shape)
    return at.shape
  }

  #define(shape: Shape): void {
    this.#definitions.varint(shape.keys.length)
    for (const key of shape.keys) this.#definitions.string(key)
    shape.number = this.#defined++
  }
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  if (a.length !== b.length) return false
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}
