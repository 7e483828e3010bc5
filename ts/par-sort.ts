/** `parSort`: a new, sorted array; by keys, or by a function that compares. */
import { startSort } from './sort/verb.ts'
import type { SortByOptions, SortCompareOptions } from './sort/options.ts'
import type { ElementOf, NoUse, RunJob, SameKind, TypedArray } from './types.ts'

/** The signature of `parSort`. */
export interface ParSortSignature {
  <A extends TypedArray>(items: A, options?: SortByOptions<ElementOf<A>>): RunJob<SameKind<A>>
  <A extends TypedArray, U extends object = NoUse>(
    items: A,
    options: SortCompareOptions<ElementOf<A>, U>,
  ): RunJob<SameKind<A>>
  <T>(items: readonly T[], options?: SortByOptions<T>): RunJob<T[]>
  <T, U extends object = NoUse>(items: readonly T[], options: SortCompareOptions<T, U>): RunJob<T[]>
}

/**
 * Sorts into a new array; items that are equal keep their order. `items` must not change until it settles.
 *
 * `by` names properties, or gives functions that make keys; they are read here, in slices, and native threads sort them: numbers, booleans, dates and
 * bigints by value, then strings by UTF-16 unit as `<` has it, and last, both ways, `undefined`, `null` and NaN.
 * `compare` runs in workers, so items cross to them, twice.
 *
 * Not worth it below some 10,000 items with keys; and with `compare` not unless comparing costs more than crossing.
 *
 * @throws never at once: whatever is wrong with the call rejects the job.
 * @example
 * ```ts
 * await parSort([{ n: 2 }, { n: 1 }], { by: 'n' }) // [{ n: 1 }, { n: 2 }]
 * ```
 */
export const parSort: ParSortSignature = ((items: unknown, options?: unknown) =>
  startSort(items, options, parSort as never)) as ParSortSignature
