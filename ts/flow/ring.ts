// A window over values at ever rising places: they are put in any order and taken from the front, without ever moving the others.

const vacant = Symbol('vacant')
const fewest = 16

export class Ring<T> {
  /** The place that is taken next. */
  front = 0
  #slots: (T | typeof vacant)[] = emptySlots(fewest)
  #mask: number = fewest - 1

  /** Puts a value at its place, which lies at or behind the front. */
  put(place: number, value: T): void {
    while (place - this.front > this.#mask) this.#grow()
    this.#slots[place & this.#mask] = value
  }

  has(place: number): boolean {
    return place - this.front <= this.#mask && this.#slots[place & this.#mask] !== vacant
  }

  /** Whether the place at the front has its value. */
  get ready(): boolean {
    return this.#slots[this.front & this.#mask] !== vacant
  }

  /** The value at the front, which must be there. */
  take(): T {
    const at = this.front++ & this.#mask
    const value = this.#slots[at] as T
    this.#slots[at] = vacant
    return value
  }

  /** Forgets all values; the front stays. */
  clear(): void {
    this.#slots = emptySlots(fewest)
    this.#mask = fewest - 1
  }

  #grow(): void {
    const old = this.#slots
    const oldMask = this.#mask
    this.#mask = old.length * 2 - 1
    this.#slots = emptySlots(old.length * 2)
    for (let place = this.front; place <= this.front + oldMask; place++)
      this.#slots[place & this.#mask] = old[place & oldMask] as T | typeof vacant
  }
}

function emptySlots(count: number): (typeof vacant)[] {
  // Filled at once, so that V8 keeps it an array without holes.
  return Array.from({ length: count }, () => vacant)
}
