/** `parChunks`: a typed array in disjoint views, each through one function. */
import { types } from 'node:util'

import { OptionError } from './errors.ts'
import { describe } from './errors/describe.ts'
import type { OnError, ParMapOptions } from './options/interfaces.ts'
import { parMap } from './par-map.ts'
import { gone, isGone } from './native/kinds.ts'
import { stillborn } from './map/stillborn.ts'
import type { MapFunction, MapJob, NoUse, Returned, TypedArray } from './types.ts'

/**
 * Calls `fn(view, index, ctx)` for disjoint views of `size` elements, the last maybe shorter, and gives the results in their order.
 *
 * Where the array stands on shared memory, workers see and change that memory itself, so a function can work in place and return nothing. Otherwise they
 * get copies, and what they change there is lost: return it.
 *
 * @throws never at once: whatever is wrong with the call rejects the job.
 * @example
 * ```ts
 * const samples = new Float64Array(new SharedArrayBuffer(8 * 1000)).fill(2)
 * await parChunks(samples, 100, (view) => void view.forEach((x, i) => (view[i] = x * x))) // all are 4 now
 * ```
 */
export function parChunks<A extends TypedArray, R, Use extends object = NoUse, E extends OnError = 'collect'>(
  array: A,
  size: number,
  fn: MapFunction<A, Use, R>,
  options?: ParMapOptions<Use> & { onError?: E | undefined },
): MapJob<Returned<R, E>[], R> {
  try {
    if (!types.isTypedArray(array))
      throw new OptionError(`parChunks: the first argument must be a typed array, got ${describe(array)}`)
    if (array.length === 0 && isGone(array)) throw gone('parChunks')
    if (!Number.isInteger(size) || size < 1)
      throw new OptionError(`parChunks: size must be an integer from 1, got ${describe(size)}`)
    if (typeof fn !== 'function') throw new OptionError(`parChunks: fn must be a function, got ${describe(fn)}`)
  } catch (error) {
    return stillborn(error, fn)
  }
  const views = (): Generator<A> => viewsOf(array, size)
  return parMap<A, R, Use, E>({ [Symbol.iterator]: views } as Iterable<A> & { spreads?: never }, fn, options)
}

function* viewsOf<A extends TypedArray>(array: A, size: number): Generator<A> {
  for (let first = 0; first < array.length; first += size) yield array.subarray(first, first + size) as A
}
