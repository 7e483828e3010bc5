/** Where the items of one piece end, in the worker: each way to end a chain, up to what the piece brings home. */
import type { GivenFunction } from '../pieces/given.ts'
import type { End, Found } from './stages.ts'
import { isGreater, isLess, Summing } from './totals.ts'

type AnyFunction = (...args: unknown[]) => unknown

export type Push = (item: unknown) => void

/** The functions of a chain, by how many items they take beside the context. */
export interface Functions {
  none(given: GivenFunction): AnyFunction
  one(given: GivenFunction): AnyFunction
  two(given: GivenFunction): AnyFunction
}

export interface Sink {
  readonly push: Push
  /** No further item can change anything. */
  readonly decided: boolean
  result(): unknown
}

export function sinkOf(end: End, functions: Functions): Sink {
  switch (end.op) {
    case 'collect':
      return collecting()
    case 'sum':
      return summing()
    case 'min':
      return keeping(isLess)
    case 'max':
      return keeping(isGreater)
    case 'count':
      return counting()
    case 'reduce':
      return reducing(functions.two(end.fn))
    case 'fold':
      return folding(
        'fn' in end.start ? functions.none(end.start.fn)() : structuredClone(end.start.value),
        functions.two(end.fn),
      )
    case 'forEach':
      return { push: functions.one(end.fn), decided: false, result: () => undefined }
    case 'some':
      return new Search(functions.one(end.fn), true)
    case 'every':
      return new Search(functions.one(end.fn), false)
    case 'find':
      return new Search(functions.one(end.fn), true)
  }
}

function collecting(): Sink {
  const items: unknown[] = []
  return { push: (item) => void items.push(item), decided: false, result: () => items }
}

function summing(): Sink {
  const sum = new Summing()
  return { push: (item) => sum.add(item), decided: false, result: () => sum.total() }
}

function counting(): Sink {
  let count = 0
  return { push: () => void count++, decided: false, result: () => count }
}

/** A list of one item, or of none. */
function keeping(isBetter: (a: unknown, b: unknown) => boolean): Sink {
  return reducing((best, item) => (isBetter(item, best) ? item : best))
}

/** A list of one value, or of none: a piece starts from its own first item. */
function reducing(op: AnyFunction): Sink {
  let values: [unknown] | [] = []
  const push = (item: unknown): void => {
    values = values.length === 0 ? [item] : [op(values[0], item)]
  }
  return { push, decided: false, result: () => values }
}

function folding(start: unknown, fold: AnyFunction): Sink {
  let value = start
  const push = (item: unknown): void => {
    value = fold(value, item)
  }
  return { push, decided: false, result: () => [value] }
}

/** Looks for an item that a function says `wanted` of. */
class Search implements Sink {
  readonly push: Push
  #found: Found = { found: false }

  constructor(test: AnyFunction, wanted: boolean) {
    this.push = (item) => {
      if (!this.#found.found && Boolean(test(item)) === wanted) this.#found = { found: true, value: item }
    }
  }

  get decided(): boolean {
    return this.#found.found
  }

  result(): Found {
    return this.#found
  }
}
