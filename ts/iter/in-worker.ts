/** The worker's side of a chain: all its stages over one piece, item by item, without a list in between. */
import type { TaskContext } from '../context.ts'
import { PieceContext } from '../pieces/context.ts'
import { takeFunction } from '../pieces/given.ts'
import type { GivenFunction } from '../pieces/given.ts'
import { sinkOf } from './sinks.ts'
import type { Functions, Push, Sink } from './sinks.ts'
import type { ChainUse, Piece, Stage } from './stages.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** The functions of a chain, loaded. */
export type Loaded = ReadonlyMap<GivenFunction, AnyFunction>

/** Functions of the chains that this worker has met; a chain's `use` is one object for all its pieces. */
const chains = new WeakMap<object, Loaded | Promise<Loaded>>()

/** What the piece brings home depends on how the chain ends. */
export function runChain(piece: Piece, _index: number, context: TaskContext): unknown {
  const use = context.use as ChainUse
  let loaded = chains.get(use)
  if (loaded === undefined) chains.set(use, (loaded = load(use)))
  if (!(loaded instanceof Promise)) return runPiece(piece, use, loaded, context)
  return loaded.then((functions) => {
    chains.set(use, functions)
    return runPiece(piece, use, functions, context)
  })
}

/** What `mergeValues` finds in `use`. */
export interface MergeUse {
  readonly merge: GivenFunction
  readonly given: unknown
}

/** Joins what pieces have brought home, in their order. */
export function mergeValues(values: readonly unknown[], _index: number, context: TaskContext): unknown {
  const { merge, given } = context.use as MergeUse
  const seen = new PieceContext(context, given)
  const join = (fn: AnyFunction): unknown => {
    const call = ofTwo(merge, fn, seen)
    return values.reduce((all, next) => call(all, next))
  }
  const fn = takeFunction(merge)
  return fn instanceof Promise ? fn.then(join) : join(fn)
}

function runPiece(piece: Piece, use: ChainUse, loaded: Loaded, context: TaskContext): unknown {
  const seen = new PieceContext(context, use.given)
  const functions: Functions = {
    one: (given) => ofOne(given, loaded.get(given) as AnyFunction, seen),
    two: (given) => ofTwo(given, loaded.get(given) as AnyFunction, seen),
    none: (given) => ofNone(given, loaded.get(given) as AnyFunction, seen),
  }
  const sink = sinkOf(use.end, functions)
  const ends: Array<() => void> = []
  let push: Push = sink.push
  for (const stage of use.stages.toReversed()) push = stageOf(stage, piece, functions, push, sink, ends)
  feed(piece, use, push, sink, context)
  // What a stage still holds goes through those behind it.
  for (const end of ends.toReversed()) end()
  return sink.result()
}

function feed(piece: Piece, { shared }: ChainUse, push: Push, sink: Sink, context: TaskContext): void {
  const items = 'items' in piece ? piece.items : shared
  const count = 'items' in piece ? piece.items.length : piece.count
  const offset = 'items' in piece ? 0 : piece.first
  for (let i = 0; i < count && !sink.decided; i++) {
    // Nobody will hear of this: it only ends the piece.
    if (context.aborted) throw new Error('the chain was stopped')
    push('from' in piece ? piece.from + i * piece.step : (items as ArrayLike<unknown>)[offset + i])
  }
}

function stageOf(
  stage: Stage,
  piece: Piece,
  functions: Functions,
  next: Push,
  sink: Sink,
  ends: Array<() => void>,
): Push {
  switch (stage.op) {
    case 'map': {
      const fn = functions.one(stage.fn)
      return (item) => next(fn(item))
    }
    case 'filter': {
      const fn = functions.one(stage.fn)
      return (item) => {
        if (fn(item)) next(item)
      }
    }
    case 'flatMap': {
      const fn = functions.one(stage.fn)
      return (item) => {
        const made = fn(item)
        if (!isIterable(made)) return next(made)
        for (const one of made) {
          next(one)
          if (sink.decided) return
        }
      }
    }
    case 'enumerate': {
      let index = piece.first / stage.scale
      return (item) => next([index++, item])
    }
    case 'chunks': {
      let chunk: unknown[] = []
      const pass = (): void => {
        const full = chunk
        chunk = []
        next(full)
      }
      ends.push(() => {
        if (chunk.length > 0 && !sink.decided) pass()
      })
      return (item) => {
        if (chunk.push(item) === stage.size) pass()
      }
    }
  }
}

/** As `flatMap` of arrays takes it, and generators and sets too; a string is a value. */
function isIterable(made: unknown): made is Iterable<unknown> {
  return typeof made === 'object' && made !== null && Symbol.iterator in made
}

/** A function of one item, with the context behind it where the function is one that may know of it. */
function ofOne({ bare }: GivenFunction, fn: AnyFunction, context: PieceContext): AnyFunction {
  return bare ? (item) => fn(item) : (item) => fn(item, context)
}

/** A function of two. */
function ofTwo({ bare }: GivenFunction, fn: AnyFunction, context: PieceContext): AnyFunction {
  return bare ? (a, b) => fn(a, b) : (a, b) => fn(a, b, context)
}

/** A function of nothing but the context. */
function ofNone({ bare }: GivenFunction, fn: AnyFunction, context: PieceContext): AnyFunction {
  return bare ? () => fn() : () => fn(context)
}

function load({ stages, end }: ChainUse): Loaded | Promise<Loaded> {
  const given = [...stages, end].flatMap((it) => ('fn' in it ? [it.fn] : []))
  if (end.op === 'fold' && 'fn' in end.start) given.push(end.start.fn)
  const functions = given.map(takeFunction)
  const all = (ready: readonly AnyFunction[]): Loaded => new Map(given.map((it, i) => [it, ready[i] as AnyFunction]))
  if (functions.some((fn) => fn instanceof Promise)) return Promise.all(functions).then(all)
  return all(functions as AnyFunction[])
}
