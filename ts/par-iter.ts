/** `parIter`: chains of operations over many items, on every core. */
import { makeParIter } from './iter/par-iter.ts'
import type { ParIter } from './iter/par-iter.ts'
import type { ParIterOptions } from './iter/options.ts'
import type { NoUse } from './types.ts'

/** The signature of `parIter`. */
export type ParIterSignature = <T, U extends object = NoUse>(
  items: Iterable<T> | AsyncIterable<T>,
  options?: ParIterOptions<U>,
) => ParIter<T, U>

/**
 * A lazy chain over the items of an array, a typed array, a `range`, any iterable, async iterable or stream.
 *
 * Not worth it for cheap functions over few items: a chain takes some 200 µs, and each item that crosses from tens to hundreds of nanoseconds each way.
 *
 * @throws never at once: whatever is wrong with the chain rejects the job that ends it.
 * @example
 * ```ts
 * await parIter(range(0, 10)).filter((n) => n % 3 === 0).map((n) => n * n).collect() // [0, 9, 36, 81]
 * ```
 */
export const parIter: ParIterSignature = (items, options) =>
  makeParIter({ source: items, steps: [], options, pool: undefined }) as ParIter<never, never>
