/** A chain as data: its stages, and what ends it. */
import type { GivenFunction } from '../pieces/given.ts'

/** A step that items go through. */
export type Stage =
  | { readonly op: 'map' | 'filter' | 'flatMap'; readonly fn: GivenFunction }
  | {
      readonly op: 'enumerate'
      /** Source items that one item here is made of. */
      readonly scale: number
    }
  | { readonly op: 'chunks'; readonly size: number }

/** What becomes of the items that come through. */
export type End =
  | { readonly op: 'collect' | 'sum' | 'min' | 'max' | 'count' }
  | { readonly op: 'reduce' | 'some' | 'every' | 'find' | 'forEach'; readonly fn: GivenFunction }
  | { readonly op: 'fold'; readonly fn: GivenFunction; readonly start: Start }

/** Where a fold starts: what a function makes, or a value, which each piece gets a copy of. */
export type Start = { readonly fn: GivenFunction } | { readonly value: unknown }

/** Part of a source. `first` is the place of its first item in the whole. */
export type Piece =
  | { readonly first: number; readonly items: ArrayLike<unknown> }
  /** Numbers that the worker makes. */
  | { readonly first: number; readonly count: number; readonly from: number; readonly step: number }
  /** Elements of an array on shared memory, which the worker has already. */
  | { readonly first: number; readonly count: number }

/** What a chain's pieces find in `use`. */
export interface ChainUse {
  readonly stages: readonly Stage[]
  readonly end: End
  /** The array on shared memory, where the source is one. */
  readonly shared: ArrayLike<unknown> | undefined
  /** The user's. */
  readonly given: unknown
}

/** What `find`, `some` and `every` bring home: whether it is decided, and by which item. */
export interface Found {
  readonly found: boolean
  readonly value?: unknown
}
