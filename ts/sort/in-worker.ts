/** The parts of sorting by comparing that run in workers. */
import type { TaskContext } from '../context.ts'
import { PieceContext } from '../pieces/context.ts'
import { takeFunction } from '../pieces/given.ts'
import type { GivenFunction } from '../pieces/given.ts'

export interface CompareUse {
  readonly compare: GivenFunction
  /** Items, in order, that tell the buckets apart; empty while they are being looked for. */
  readonly splitters: readonly Splitter[]
  /** The user's. */
  readonly given: unknown
}

/** An item with its place, which decides between items that compare as equal. */
export interface Splitter {
  readonly item: unknown
  readonly index: number
}

/** Items that follow each other, and the place of the first. */
export interface Run {
  readonly first: number
  readonly items: readonly unknown[]
}

type Compare = (a: unknown, b: unknown) => number

/** The order of the items, as indexes among them. */
export function sortRun({ items }: Run, _index: number, context: TaskContext): Uint32Array | Promise<Uint32Array> {
  return comparing(context, (compare) => {
    const order = Array.from({ length: items.length }, (_, i) => i)
    return Uint32Array.from(order.toSorted((a, b) => compare(items[a], items[b])))
  })
}

/** The bucket of each item: how many splitters stand before it. */
export function dealRun(
  { first, items }: Run,
  _index: number,
  context: TaskContext,
): Uint16Array | Promise<Uint16Array> {
  const { splitters } = context.use as CompareUse
  return comparing(context, (compare) =>
    Uint16Array.from(items, (item, at) => bucketOf(item, first + at, splitters, compare)),
  )
}

function bucketOf(item: unknown, index: number, splitters: readonly Splitter[], compare: Compare): number {
  let low = 0
  let high = splitters.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const splitter = splitters[middle] as Splitter
    // As `sort` does it: what is no number counts as equal.
    const order = Number(compare(item, splitter.item)) || index - splitter.index
    if (order < 0) high = middle
    else low = middle + 1
  }
  return low
}

function comparing<R>(context: TaskContext, work: (compare: Compare) => R): R | Promise<R> {
  const { compare, given } = context.use as CompareUse
  const seen = new PieceContext(context, given)
  const ready = (fn: (...args: unknown[]) => unknown): R =>
    work((compare.bare ? fn : (a: unknown, b: unknown) => fn(a, b, seen)) as Compare)
  const fn = takeFunction(compare)
  return fn instanceof Promise ? fn.then(ready) : ready(fn)
}
