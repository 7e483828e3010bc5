/** A lazy chain of operations, as its users hold it: each stage gives a new chain, each end runs it. */
import { types } from 'node:util'

import { captureCallSite } from '../call-site.ts'
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { gone, isGone, numbersOf } from '../native/kinds.ts'
import { reduceNumbers } from '../native/reduce.ts'
import { startWork } from '../native/work.ts'
import { giveFunction } from '../pieces/given.ts'
import type { Context, RunJob } from '../types.ts'
import { extend, Waiting } from './chain.ts'
import type { Chain } from './chain.ts'
import { Any, Best, Collection, Count, First, Nothing, Sum } from './homes.ts'
import type { Home } from './homes.ts'
import { normaliseChain } from './options.ts'
import { ChainRun, checkedSize } from './run-chain.ts'
import type { End, Start } from './stages.ts'

type AnyFunction = (...args: never[]) => unknown

/** What a sum of such items is. */
type SumOf<T> = T extends bigint ? bigint : number

const chains = new WeakMap<ParIter<unknown>, Chain>()

export function makeParIter<U extends object = object>(chain: Chain): ParIter<never, U> {
  return new ParIter<never, U>(chain)
}

/**
 * A chain over items of type `T`. Nothing runs before it is ended; then neighbouring stages run together in workers, piece by piece, and each item crosses
 * once each way however long the chain. Functions are sync, ship as those of `parMap` do, and get the context behind their arguments.
 *
 * The first error ends the chain, which rejects with it; its `taskInfo` tells of the piece it came from.
 */
export class ParIter<T, U extends object = object> {
  /** @internal */
  constructor(chain: Chain) {
    chains.set(this as ParIter<unknown>, chain)
  }

  /** Each item as `fn` makes it. */
  map<R>(fn: (item: T, ctx: Context<U>) => R): ParIter<R, U> {
    return this.#with({ op: 'map', fn })
  }

  /** The items that `fn` says something true of. */
  filter<S extends T>(fn: (item: T, ctx: Context<U>) => item is S): ParIter<S, U>
  filter(fn: (item: T, ctx: Context<U>) => unknown): ParIter<T, U>
  filter(fn: unknown): ParIter<never, U> {
    return this.#with({ op: 'filter', fn })
  }

  /** All that `fn` makes of an item: the elements of an array or another iterable, or a value that is none. */
  flatMap<R>(fn: (item: T, ctx: Context<U>) => Iterable<R> | R): ParIter<R, U> {
    return this.#with({ op: 'flatMap', fn })
  }

  /** Pairs of an item's place and the item. Behind `filter` or `flatMap` all items must be there before the chain can go on. */
  enumerate(): ParIter<[index: number, item: T], U> {
    return this.#with({ op: 'enumerate' })
  }

  /** Arrays of `size` items, the last maybe shorter. Behind `filter` or `flatMap` as for `enumerate`. */
  chunks(size: number): ParIter<T[], U> {
    return this.#with({ op: 'chunks', size })
  }

  /** All items, in order. */
  collect(): RunJob<T[]> {
    return this.#end(this.collect, () => ({ op: 'collect' }), new Collection()) as RunJob<T[]>
  }

  /**
   * All items joined by `op`, which must not mind how they are grouped. Pieces start from their own first item; `identity` is used once, at the front,
   * and is what an empty chain gives; without it that is a `TypeError`.
   */
  reduce(op: (a: T, b: T, ctx: Context<U>) => T, ...identity: [] | [identity: T]): RunJob<T>
  /** The same by a function of the language, which knows of no context: `Math.max`. */
  reduce(op: (a: T, b: T) => T, ...identity: [] | [identity: T]): RunJob<T>
  reduce(op: unknown, ...identity: [] | [identity: T]): RunJob<T> {
    return this.#merging(this.reduce, op, async (give) => ({ op: 'reduce', fn: await give() }), identity) as RunJob<T>
  }

  /**
   * Folds each piece into a value of its own, from `start`: a function that makes it, or a value that each piece gets a copy of. The values are joined by
   * `.reduce(merge)`.
   */
  fold<A>(start: A | ((ctx: Context<U>) => A), fold: (value: A, item: T, ctx: Context<U>) => A): Folded<A, U> {
    return {
      reduce: (merge) =>
        this.#merging(this.fold, merge, async () => ({
          op: 'fold',
          fn: await giveFunction("parIter: the function of 'fold'", fold),
          start: await startOf(start),
        })) as RunJob<A>,
    }
  }

  /** The items added up: numbers without an error that grows with their number, or bigints. 0 for none. */
  sum(): RunJob<SumOf<T>> {
    return (this.#native('sum') ?? this.#end(this.sum, () => ({ op: 'sum' }), new Sum())) as RunJob<SumOf<T>>
  }

  /** The least item by `<`: NaN if there is one, -0 below 0. `undefined` for none. */
  min(): RunJob<T | undefined> {
    return (this.#native('min') ?? this.#end(this.min, () => ({ op: 'min' }), new Best('min'))) as RunJob<T | undefined>
  }

  /** The greatest item by `<`: NaN if there is one. `undefined` for none. */
  max(): RunJob<T | undefined> {
    return (this.#native('max') ?? this.#end(this.max, () => ({ op: 'max' }), new Best('max'))) as RunJob<T | undefined>
  }

  /** How many items come through. */
  count(): RunJob<number> {
    return this.#end(this.count, () => ({ op: 'count' }), new Count())
  }

  /** Whether `test` says something true of any item; the first one ends the search. */
  some(test: (item: T, ctx: Context<U>) => unknown): RunJob<boolean> {
    return this.#testing(this.some, 'some', test, new Any())
  }

  /** Whether `test` says something true of all items; the first one of which it does not ends the search. */
  every(test: (item: T, ctx: Context<U>) => unknown): RunJob<boolean> {
    return this.#testing(this.every, 'every', test, new Every())
  }

  /** The first item, in their order, of which `test` says something true; `undefined` if there is none. */
  find(test: (item: T, ctx: Context<U>) => unknown): RunJob<T | undefined> {
    return this.#testing(this.find, 'find', test, new First()) as RunJob<T | undefined>
  }

  /** Calls `fn` for each item, in the workers, for its side effects there. */
  forEach(fn: (item: T, ctx: Context<U>) => unknown): RunJob<void> {
    return this.#testing(this.forEach, 'forEach', fn, new Nothing())
  }

  #with(step: Parameters<typeof extend>[1]): ParIter<never, U> {
    return makeParIter(extend(this.#chain, step))
  }

  get #chain(): Chain {
    return chains.get(this as ParIter<unknown>) as Chain
  }

  #testing<R>(entry: AnyFunction, op: 'some' | 'every' | 'find' | 'forEach', fn: unknown, home: Home<R>): RunJob<R> {
    const end = async (): Promise<End> => ({ op, fn: await giveFunction(`parIter: the function of '${op}'`, fn) })
    return this.#end(entry, end, home)
  }

  #end<R>(entry: AnyFunction, endOf: () => End | Promise<End>, home: Home<R>): RunJob<R> {
    const chain = this.#chain
    return startWork('parIter', 'workers', entry, () => {
      const settings = settingsOf(chain)
      const site = captureCallSite(entry)
      return {
        settings,
        body: async (steps) => new ChainRun(steps, settings, site).run(chain, await endOf(), home),
      }
    })
  }

  /** One value of each piece comes home, and all are joined in a worker. */
  #merging(
    entry: AnyFunction,
    merge: unknown,
    endOf: (give: () => ReturnType<typeof giveFunction>) => Promise<End>,
    identity: readonly unknown[] = [],
  ): RunJob<unknown> {
    const chain = this.#chain
    return startWork('parIter', 'workers', entry, () => {
      const settings = settingsOf(chain)
      const site = captureCallSite(entry)
      return {
        settings,
        body: async (steps) => {
          const fn = await giveFunction("parIter: the function of 'reduce'", merge)
          const run = new ChainRun(steps, settings, site)
          const values = [...identity, ...(await run.run(chain, await endOf(() => fn), new Collection()))]
          if (values.length === 0) throw new TypeError('parIter: reduce of no items needs an identity')
          return run.merge(values, fn)
        },
      }
    })
  }

  /** The native lane's job, where the whole chain is one of its kernels. */
  #native(verb: 'sum' | 'min' | 'max'): RunJob<unknown> | undefined {
    const { source, steps } = this.#chain
    if (steps.length > 0 || !types.isTypedArray(source)) return undefined
    return startWork('parIter', 'native', this[verb], () => ({
      settings: settingsOf(this.#chain),
      body: reduceNumbers(verb, numbersOf('parIter', source)),
    }))
  }
}

/** A fold that waits for the function that joins the values of its pieces. */
export interface Folded<A, U extends object = object> {
  /** Joins the values in their order. A chain without items gives what the fold starts from. */
  reduce(merge: (a: A, b: A, ctx: Context<U>) => A): RunJob<A>
}

/** Whether no piece has found an exception. */
class Every implements Home<boolean> {
  readonly #any = new Any()

  take(piece: number, found: unknown): boolean {
    return this.#any.take(piece, found)
  }

  end(): boolean {
    return !this.#any.end()
  }
}

async function startOf(start: unknown): Promise<Start> {
  return typeof start === 'function'
    ? { fn: await giveFunction("parIter: the start of 'fold'", start) }
    : { value: start }
}

/** @throws OptionError for what is wrong with the chain, whichever part of it */
function settingsOf(chain: Chain): ReturnType<typeof normaliseChain> {
  const settings = normaliseChain(chain.options)
  for (const step of chain.steps) if (step.op === 'chunks') checkedSize(step.size)
  const { source } = chain
  const given = source as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined
  if (given?.[Symbol.iterator] == null && given?.[Symbol.asyncIterator] == null && !(source instanceof Waiting))
    throw new OptionError(`parIter: items must be an iterable or an async iterable, got ${describe(source)}`)
  if (types.isTypedArray(source) && source.length === 0 && isGone(source)) throw gone('parIter')
  return { ...settings, pool: settings.pool ?? chain.pool }
}
