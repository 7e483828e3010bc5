/** `native`: work that needs no JavaScript, on native threads. */
import { InPool } from '../options/in-pool.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import type { ElementOf, RunJob, SameKind, TypedArray } from '../types.ts'
import { hashMessages } from './hash.ts'
import type { HashAlgorithm } from './algorithms.ts'
import { numbersOf } from './kinds.ts'
import { normaliseSort, normaliseWords, normaliseWork } from './options.ts'
import type { NativeOptions, NativeSortOptions, NativeWordOptions } from './options.ts'
import { reduceNumbers } from './reduce.ts'
import type { Reduction } from './reduce.ts'
import { argsortNumbers, sortNumbers } from './sort.ts'
import { startWork } from './work.ts'
import { countWords } from './words.ts'

/** What adding up elements gives. */
export type SumOf<A extends TypedArray> = ElementOf<A> extends bigint ? bigint : number

/**
 * Functions on native threads. They give jobs as every verb does; options are `signal` and `pool`, and what each one says.
 *
 * An array must not change until its job has settled.
 */
export interface Native {
  /**
   * Adds up: integers exactly, floats with an error that does not grow with their number. An empty array gives 0.
   *
   * Not worth it below some 1,000 elements; there a plain loop is faster.
   */
  sum<A extends TypedArray>(array: A, options?: NativeOptions): RunJob<SumOf<A>>
  /** The least element, as `Math.min` orders them: NaN if there is one, and -0 below 0. `undefined` for an empty array. */
  min<A extends TypedArray>(array: A, options?: NativeOptions): RunJob<ElementOf<A> | undefined>
  /** The greatest element, as `Math.max` orders them. `undefined` for an empty array. */
  max<A extends TypedArray>(array: A, options?: NativeOptions): RunJob<ElementOf<A> | undefined>
  /**
   * A new array of the same kind with the elements in order, as `TypedArray.prototype.sort` puts them: by value, -0 before 0, NaN last.
   * It stands on shared memory if the given one does; then `{ inPlace: true }` sorts that one itself.
   */
  sort<A extends TypedArray>(array: A, options: NativeSortOptions & { inPlace: true }): RunJob<A>
  sort<A extends TypedArray>(array: A, options?: NativeSortOptions): RunJob<SameKind<A>>
  /** The indexes of the elements, in the order in which `sort` would put them; equal elements keep theirs. */
  argsort(array: TypedArray, options?: NativeOptions): RunJob<Uint32Array<ArrayBuffer>>
  /**
   * The digest of some bytes, or of each of an array of messages. `xxh3` (64 bits, seed 0) and `crc32` (as in zip) are no cryptographic hashes; their
   * digests begin with the greatest byte.
   *
   * A single long message is hashed by one thread, but for `blake3`; the gain is then that this thread stays free.
   */
  hash(algorithm: HashAlgorithm, bytes: Uint8Array, options?: NativeOptions): RunJob<Buffer>
  hash(algorithm: HashAlgorithm, messages: readonly Uint8Array[], options?: NativeOptions): RunJob<Buffer[]>
  /** How often each word is met in a text, or in all of an array of texts, in the order in which the words first appear. */
  wordCount(text: string | readonly string[], options?: NativeWordOptions): RunJob<Map<string, number>>
}

/** The functions in `pool`, or in the shared one. */
export function nativeIn(pool: PoolHandle | undefined): Native {
  const reducer = (verb: Reduction) => {
    const reduce = (array: TypedArray, options?: object): RunJob<never> =>
      startWork(verb, 'native', reduce as never, () => {
        const settings = normaliseWork(`native.${verb}`, inside(pool, options))
        return { settings, body: reduceNumbers(verb, numbersOf(`native.${verb}`, array)) as never }
      })
    return reduce as never
  }
  const sort = (array: TypedArray, options?: object): RunJob<TypedArray> =>
    startWork('sort', 'native', sort as never, () => {
      const settings = normaliseSort('native.sort', inside(pool, options))
      return { settings, body: sortNumbers(numbersOf('native.sort', array), settings.inPlace) }
    })
  const argsort = (array: TypedArray, options?: object): RunJob<TypedArray> =>
    startWork('argsort', 'native', argsort as never, () => {
      const settings = normaliseWork('native.argsort', inside(pool, options))
      return { settings, body: argsortNumbers(numbersOf('native.argsort', array)) }
    })
  const hash = (algorithm: unknown, messages: unknown, options?: object): RunJob<unknown> =>
    startWork('hash', 'native', hash as never, () => {
      const settings = normaliseWork('native.hash', inside(pool, options))
      return { settings, body: hashMessages(algorithm, messages) }
    })
  const wordCount = (text: unknown, options?: object): RunJob<Map<string, number>> =>
    startWork('wordCount', 'native', wordCount as never, () => {
      const settings = normaliseWords('native.wordCount', inside(pool, options))
      return { settings, body: countWords(text, settings.unicode) }
    })
  return Object.freeze({
    sum: reducer('sum'),
    min: reducer('min'),
    max: reducer('max'),
    sort: sort as never,
    argsort: argsort as never,
    hash: hash as never,
    wordCount,
  }) as Native
}

function inside(pool: PoolHandle | undefined, options: unknown): unknown {
  return pool === undefined ? options : new InPool(options, pool)
}

/**
 * Work that needs no JavaScript, on the native threads of the shared pool.
 *
 * @example
 * ```ts
 * await native.sum(new Float64Array([0.1, 0.2, 0.3])) // 0.6
 * ```
 */
export const native: Native = nativeIn(undefined)
