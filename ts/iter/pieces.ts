/** Cuts a source into pieces: enough of them that the workers end together, and none so large that encoding it would hold this thread. */
import { types } from 'node:util'

import { memoryOf } from '../native/kinds.ts'
import { Range } from '../range.ts'
import type { TypedArray } from '../types.ts'
import type { Piece } from './stages.ts'

/** Pieces for each worker: the last to end then waits for about a thirtieth of its work. */
const PIECES_PER_WORKER = 32
/** Items of a piece at most: of values that must be encoded, of bytes that are copied, and of what is not sent at all. */
const MOST = { values: 4096, numbers: 65_536, nothing: 2 ** 20 }
/** Of sources whose length nobody knows: few at first, so that work starts at once. */
const FIRST_BATCH = 16
const LARGEST_BATCH = 1024
/** A batch ends when it took so long to come together. */
const BATCH_MS = 4

export interface Cut {
  /** An iterable or async iterable of pieces. */
  readonly pieces: Iterable<Piece> | AsyncIterable<Piece>
  /** An array that workers read where it is. */
  readonly shared: TypedArray | undefined
}

/** Every piece but the last holds a multiple of `unit` items. */
export function cut(source: unknown, unit: number, workers: number): Cut {
  if (source instanceof Range)
    return { pieces: cutRange(source, sizeOf(source.length, unit, workers, 'nothing')), shared: undefined }
  if (types.isTypedArray(source)) {
    const shared = types.isSharedArrayBuffer(memoryOf(source))
    const size = sizeOf(source.length, unit, workers, shared ? 'nothing' : 'numbers')
    return {
      pieces: shared ? cutShared(source.length, size) : cutNumbers(source, size),
      shared: shared ? source : undefined,
    }
  }
  if (Array.isArray(source))
    return { pieces: cutArray(source, sizeOf(source.length, unit, workers, 'values')), shared: undefined }
  if (isAsync(source)) return { pieces: batchAsync(source, unit), shared: undefined }
  return { pieces: batch(source as Iterable<unknown>, unit), shared: undefined }
}

/** The same, or one piece without items where there are none: a fold of nothing is what it starts from. */
export function orEmpty(pieces: Cut['pieces']): Cut['pieces'] {
  return Symbol.asyncIterator in pieces ? orEmptyLater(pieces) : orEmptyNow(pieces)
}

/** The same; keeps where each piece begins. */
export function noting(pieces: Cut['pieces'], firsts: number[]): Cut['pieces'] {
  return Symbol.asyncIterator in pieces ? notingLater(pieces, firsts) : notingNow(pieces, firsts)
}

function* notingNow(pieces: Iterable<Piece>, firsts: number[]): Generator<Piece> {
  for (const piece of pieces) {
    firsts.push(piece.first)
    yield piece
  }
}

async function* notingLater(pieces: AsyncIterable<Piece>, firsts: number[]): AsyncGenerator<Piece> {
  for await (const piece of pieces) {
    firsts.push(piece.first)
    yield piece
  }
}

function* orEmptyNow(pieces: Iterable<Piece>): Generator<Piece> {
  let any = false
  for (const piece of pieces) {
    any = true
    yield piece
  }
  if (!any) yield { first: 0, items: [] }
}

async function* orEmptyLater(pieces: AsyncIterable<Piece>): AsyncGenerator<Piece> {
  let any = false
  for await (const piece of pieces) {
    any = true
    yield piece
  }
  if (!any) yield { first: 0, items: [] }
}

function sizeOf(length: number, unit: number, workers: number, kind: keyof typeof MOST): number {
  const wanted = Math.min(MOST[kind], Math.ceil(length / (workers * PIECES_PER_WORKER)))
  return Math.max(1, Math.ceil(wanted / unit)) * unit
}

function* cutRange({ from, step, length }: Range, size: number): Generator<Piece> {
  for (let first = 0; first < length; first += size)
    yield { first, count: Math.min(size, length - first), from: from + first * step, step }
}

function* cutShared(length: number, size: number): Generator<Piece> {
  for (let first = 0; first < length; first += size) yield { first, count: Math.min(size, length - first) }
}

function* cutNumbers(array: TypedArray, size: number): Generator<Piece> {
  for (let first = 0; first < array.length; first += size) yield { first, items: array.subarray(first, first + size) }
}

function* cutArray(array: readonly unknown[], size: number): Generator<Piece> {
  for (let first = 0; first < array.length; first += size) yield { first, items: array.slice(first, first + size) }
}

function* batch(source: Iterable<unknown>, unit: number): Generator<Piece> {
  const batcher = new Batcher(unit)
  for (const item of source) if (batcher.add(item)) yield batcher.take()
  if (batcher.count > 0) yield batcher.take()
}

async function* batchAsync(source: AsyncIterable<unknown>, unit: number): AsyncGenerator<Piece> {
  const batcher = new Batcher(unit)
  for await (const item of source) if (batcher.add(item)) yield batcher.take()
  if (batcher.count > 0) yield batcher.take()
}

/** Collects items to pieces that grow. */
class Batcher {
  readonly #unit: number
  #items: unknown[] = []
  #first = 0
  #size = FIRST_BATCH
  #since = 0

  constructor(unit: number) {
    this.#unit = unit
  }

  get count(): number {
    return this.#items.length
  }

  /** Whether the batch is complete. */
  add(item: unknown): boolean {
    const count = this.#items.push(item)
    if (count === 1) this.#since = performance.now()
    return count % this.#unit === 0 && (count >= this.#size || performance.now() - this.#since > BATCH_MS)
  }

  take(): Piece {
    const items = this.#items
    const first = this.#first
    this.#items = []
    this.#first += items.length
    this.#size = Math.min(LARGEST_BATCH, this.#size * 2)
    return { first, items }
  }
}

function isAsync(source: unknown): source is AsyncIterable<unknown> {
  return (source as Partial<AsyncIterable<unknown>>)[Symbol.asyncIterator] != null
}
