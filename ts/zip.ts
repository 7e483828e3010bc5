// Walks several iterables side by side, so that a map verb calls its function with one item of each.

import { OptionError } from './errors.ts'
import { describe } from './errors/describe.ts'
import { isPromised } from './thenable.ts'

// Marks what `zip` returns, also across two copies of the package.
const zipBrand = Symbol.for('everycore.zip')

/** Tuples of several sync iterables. A map verb spreads each over its function's first parameters. */
export interface Zipped<T extends readonly unknown[]> extends Iterable<T> {
  /** Tells the verbs' signatures. */
  readonly spreads: true
}

/** Tuples of several iterables of which at least one is async. */
export interface AsyncZipped<T extends readonly unknown[]> extends AsyncIterable<T> {
  readonly spreads: true
}

type ItemOf<X> = X extends AsyncIterable<infer T> ? T : X extends Iterable<infer T> ? Awaited<T> : never
type Items<Xs extends readonly unknown[]> = { -readonly [At in keyof Xs]: ItemOf<Xs[At]> }
type Any = Iterable<unknown> | AsyncIterable<unknown>

/**
 * Several argument sets for one map: `parMap(zip(xs, ys), (x, y) => …)`. Lazy; ends with the shortest and then closes the others.
 *
 * @throws OptionError for what is not iterable.
 * @example
 * ```ts
 * await parMap(zip([1, 2, 3], [10, 20, 30]), async (a, b) => a + b) // [11, 22, 33]
 * ```
 */
export function zip<Xs extends readonly [Iterable<unknown>, ...Iterable<unknown>[]]>(
  ...iterables: Xs
): Zipped<Items<Xs>>
export function zip<Xs extends readonly [Any, ...Any[]]>(...iterables: Xs): AsyncZipped<Items<Xs>>
export function zip(...iterables: Any[]): Zipped<unknown[]> | AsyncZipped<unknown[]> {
  if (iterables.length === 0) throw new OptionError('zip takes one iterable or more, got none')
  iterables.forEach((given, at) => {
    if (!isIterable(given))
      throw new OptionError(`zip: argument ${at} must be an iterable or an async iterable, got ${describe(given)}`)
  })
  const zipped = iterables.some(isAsync)
    ? { [zipBrand]: true, spreads: true, [Symbol.asyncIterator]: () => zipAsync(iterables) as AsyncIterator<unknown[]> }
    : {
        [zipBrand]: true,
        spreads: true,
        [Symbol.iterator]: () => zipSync(iterables as Iterable<unknown>[]) as Iterator<unknown[]>,
      }
  return zipped as Zipped<unknown[]> | AsyncZipped<unknown[]>
}

/** Whether a verb shall spread its items. */
export function isZipped(items: unknown): boolean {
  return typeof items === 'object' && items !== null && zipBrand in items
}

function* zipSync(iterables: readonly Iterable<unknown>[]): Generator<unknown, void> {
  const iterators: Iterator<unknown>[] = []
  // The one that was asked last, if it did not answer with an item: it has ended or thrown, and is not to be closed.
  let asked: Iterator<unknown> | undefined
  try {
    for (const iterable of iterables) iterators.push(iterable[Symbol.iterator]())
    for (;;) {
      const tuple: unknown[] = []
      for (const iterator of iterators) {
        asked = iterator
        const step = iterator.next()
        if (step.done) return
        tuple.push(step.value)
      }
      asked = undefined
      yield whole(tuple)
    }
  } finally {
    for (const iterator of iterators) if (iterator !== asked) iterator.return?.()
  }
}

const ended = Symbol('ended')

// By hand, because an async generator would take a rejected item for the end of everything. All iterators are asked at once.
function zipAsync(iterables: readonly Any[]): AsyncIterator<unknown> {
  const open = new Set<Iterator<unknown> | AsyncIterator<unknown>>()
  for (const iterable of iterables)
    open.add(isAsync(iterable) ? iterable[Symbol.asyncIterator]() : iterable[Symbol.iterator]())
  const iterators = [...open]
  const ask = async (iterator: Iterator<unknown> | AsyncIterator<unknown>): Promise<{ value: unknown }> => {
    try {
      const step = await iterator.next()
      if (step.done) throw ended
      return step
    } catch (error) {
      open.delete(iterator)
      throw error
    }
  }
  const close = async (): Promise<IteratorReturnResult<undefined>> => {
    const closing = [...open]
    open.clear()
    await Promise.all(closing.map((iterator) => iterator.return?.()))
    return { done: true, value: undefined }
  }
  return {
    next: async () => {
      if (open.size < iterators.length) return { done: true, value: undefined }
      try {
        const steps = await Promise.all(iterators.map(ask))
        return { done: false, value: whole(steps.map((step) => step.value)) }
      } catch (error) {
        const closed = close()
        if (error !== ended) throw error
        return closed
      }
    },
    return: close,
  }
}

// Promises among the items are awaited together, as a map awaits a promise in a plain iterable.
function whole(tuple: unknown[]): unknown {
  return tuple.some(isPromised) ? Promise.all(tuple) : tuple
}

function isAsync(value: Any): value is AsyncIterable<unknown> {
  return (value as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] != null
}

function isIterable(value: unknown): boolean {
  if (typeof value === 'string') return true
  if (typeof value !== 'object' || value === null) return false
  const { [Symbol.iterator]: sync, [Symbol.asyncIterator]: async } = value as Partial<
    Iterable<unknown> & AsyncIterable<unknown>
  >
  return sync != null || async != null
}
