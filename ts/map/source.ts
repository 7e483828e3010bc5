// What a source of items is to those who pull.

/** Returned by `SyncSource.next` when there is nothing more. */
export const end: unique symbol = Symbol('end')

/** A source of which items that follow one another can be taken at one go. None is read twice: what is refused is held until it is taken otherwise. */
export interface RowSource {
  /** Moves items into `cells`, from `from` on and before `to`, as long as they are numbers. Gives where it stopped. */
  fill(cells: Float64Array, from: number, to: number): number
  /** Gives `most` items, or as many as are accepted. Says how many. */
  take(taker: Taker, most: number): number
}

/** Who takes items that follow one another. */
export interface Taker {
  /** `false`: not this one. */
  accept(item: unknown): boolean
}

export interface SyncSource extends Partial<RowSource> {
  readonly sync: true
  /** How many items there are, where that can be known. */
  readonly total: number | undefined
  /** The next item, or `end`. Throws what the source throws. */
  next(): unknown
  /** Early end: lets the source go, once, whatever it says to that. */
  close(): void
}

export interface AsyncSource {
  readonly sync: false
  readonly total: undefined
  /** A promise (or not) of an iterator's step. Never called while one is on its way. */
  next(): unknown
  close(): void
}

export type Source = SyncSource | AsyncSource
