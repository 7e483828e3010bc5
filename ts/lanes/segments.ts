// The segments of a job that were handed over and have not settled: which of them an item is in, and what goes with the last one.

export interface Segment {
  /** Index of its first item. */
  readonly first: number
  readonly pushedAt: number
  readonly bytes: number
  /** Parcels and freight that go with it. */
  readonly goods: readonly number[]
  /** What is shared in its items: held until the last has settled. */
  readonly shares: ReadonlySet<object> | undefined
  /** Items that have not settled. */
  left: number
}

export class Segments {
  /** By first index. That is not always the order of the pushes: an item that was a promise comes late. */
  readonly #open: Segment[] = []
  /** Of all of them. */
  bytes = 0

  add(segment: Segment): void {
    this.#open.splice(this.#behind(segment.first), 0, segment)
    this.bytes += segment.bytes
  }

  /** Where an item is. */
  of(index: number): Segment | undefined {
    return this.#open[this.#behind(index) - 1]
  }

  /** So many items of a segment have settled, from `index` on. Gives the segment if the last of it was among them. */
  settle(index: number, count: number): Segment | undefined {
    const at = this.#behind(index) - 1
    const segment = this.#open[at]
    if (segment === undefined || (segment.left -= count) > 0) return undefined
    this.#open.splice(at, 1)
    this.bytes -= segment.bytes
    return segment
  }

  /** What goes with any of them, which are forgotten. */
  clear(): number[] {
    return this.#open.splice(0).flatMap((segment) => segment.goods)
  }

  // How many begin at or before `index`.
  #behind(index: number): number {
    let low = 0
    let high = this.#open.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.#open[middle] as Segment).first <= index) low = middle + 1
      else high = middle
    }
    return low
  }
}
