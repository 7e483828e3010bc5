// Where items come from: arrays by index, other iterables by their iterator, async ones (streams among them) by promised steps.

import type { ReadableStream } from 'node:stream/web'
import { types } from 'node:util'

import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { mute } from '../thenable.ts'

/** Returned by `SyncSource.next` when there is nothing more. */
export const end: unique symbol = Symbol('end')

/** A source of which items that follow one another can be taken at one go. None is read twice: what is refused is held until it is taken otherwise. */
export interface RowSource {
  /** Moves items into `cells`, from `from` on and before `to`, as long as they are numbers. Gives where it stopped. */
  fill(cells: Float64Array, from: number, to: number): number
  /** Gives `most` items, or as many as are accepted. Says how many. */
  take(accept: (item: unknown) => boolean, most: number): number
}

export interface SyncSource extends Partial<RowSource> {
  readonly sync: true
  /** How many items there are, where that can be known. */
  readonly total: number | undefined
  /** The next item, or `end`. Throws what the source throws. */
  next(): unknown
  /** Early end: lets the source go, once, whatever it says to that. */
  close(): void
}

export interface AsyncSource {
  readonly sync: false
  readonly total: undefined
  /** A promise (or not) of an iterator's step. Never called while one is on its way. */
  next(): unknown
  close(): void
}

export type Source = SyncSource | AsyncSource

const arrayIterator = Array.prototype[Symbol.iterator]

/**
 * Opens anything that `parMap` accepts.
 * @throws OptionError for what is not iterable, or whatever the items' own iterator method throws.
 */
export function openSource(owner: string, items: unknown): Source {
  const given = items as Partial<AsyncIterable<unknown> & Iterable<unknown>> | null | undefined
  if (typeof given !== 'string' && (given === null || (typeof given !== 'object' && typeof given !== 'function')))
    refuse(owner, items)
  if (typeof (given as Partial<ReadableStream>).getReader === 'function')
    return fromWebStream(given as unknown as ReadableStream)
  if (given[Symbol.asyncIterator] != null) return fromAsync(given as AsyncIterable<unknown>)
  const method = given[Symbol.iterator]
  if (method == null) refuse(owner, items)
  if (types.isTypedArray(items) || (Array.isArray(items) && (method as unknown) === arrayIterator))
    return fromList(items as ArrayLike<unknown>)
  return fromSync(given as Iterable<unknown>)
}

function refuse(owner: string, items: unknown): never {
  const hint = types.isPromise(items) ? ': await it first' : ''
  throw new OptionError(
    `${owner}: items must be an iterable, an async iterable or a stream, got ${describe(items)}${hint}`,
  )
}

// How far ahead of the pull the promises in an array are looked after.
const lookAhead = 16_384

// An array that grows or shrinks meanwhile is followed, as its own iterator would.
function fromList(items: ArrayLike<unknown>): SyncSource {
  let at = 0
  let looked = 0
  // A promise that rejects before its turn fails its item when that comes; until then nobody would have handled it.
  const look = (): boolean => {
    const from = looked
    looked = Math.min(items.length, at + lookAhead)
    let found = false
    for (let ahead = from; ahead < looked; ahead++) {
      if (!isPromise(items, ahead)) continue
      mute(items[ahead])
      found = true
    }
    return found
  }
  const promises = look()
  // What ended a row: it has been read, and no element is read twice.
  let held: { item: unknown } | { error: unknown } | undefined
  const fill = (cells: Float64Array, from: number, to: number): number => {
    if (held !== undefined) return from
    // In a variable of its own, which the engine keeps in a register.
    let next = at
    try {
      for (; from < to && next < items.length; from++) {
        const item = items[next++]
        if (typeof item !== 'number') {
          held = { item }
          break
        }
        cells[from] = item
      }
    } catch (error) {
      held = { error }
    }
    at = next
    return from
  }
  const take = (accept: (item: unknown) => boolean, most: number): number => {
    let taken = 0
    if (held !== undefined && most > 0) {
      if ('error' in held || !accept(held.item)) return 0
      held = undefined
      taken++
    }
    let next = at
    try {
      for (; taken < most && next < items.length; taken++) {
        const item = items[next++]
        if (accept(item)) continue
        held = { item }
        break
      }
    } catch (error) {
      held = { error }
    }
    at = next
    return taken
  }
  return {
    sync: true,
    get total() {
      return items.length
    },
    ...(promises ? undefined : { fill, take }),
    next: () => {
      if (held !== undefined) {
        const last = held
        held = undefined
        if ('error' in last) throw last.error
        return last.item
      }
      if (at >= items.length) return end
      const item = items[at++]
      if (promises && looked - at < lookAhead) look()
      return item
    },
    close: () => {},
  }
}

// What cannot be looked at (a revoked proxy, a getter that throws) is no promise now; it shows when its turn comes.
function isPromise(items: ArrayLike<unknown>, at: number): boolean {
  try {
    return items[at] instanceof Promise
  } catch {
    return false
  }
}

function fromSync(items: Iterable<unknown>): SyncSource {
  const iterator = items[Symbol.iterator]()
  const next = iterator.next
  const total = types.isSet(items) || types.isMap(items) ? (items as Set<unknown>).size : undefined
  let over = false
  let inside = false
  let wanted = false
  const close = (): void => {
    if (over) return
    // A generator that ends its own job is still running and would refuse; it is closed when it gives its item.
    if (inside) return void (wanted = true)
    over = true
    letGo(() => iterator.return?.())
  }
  return {
    sync: true,
    total,
    next: () => {
      inside = true
      let step: IteratorResult<unknown>
      try {
        step = checkStep(next.call(iterator) as IteratorResult<unknown>)
        if (step.done) over = true
      } catch (error) {
        over = true
        throw error
      } finally {
        inside = false
      }
      if (wanted) close()
      return step.done ? end : step.value
    },
    close,
  }
}

function fromAsync(items: AsyncIterable<unknown>): AsyncSource {
  const iterator = items[Symbol.asyncIterator]()
  const next = iterator.next
  return {
    sync: false,
    total: undefined,
    next: () => next.call(iterator),
    close: () => {
      letGo(() => iterator.return?.())
      // The iterator of a Node stream waits for data before it returns, and does nothing if it was never asked.
      const { destroy, pipe } = items as { destroy?: unknown; pipe?: unknown }
      if (typeof destroy === 'function' && typeof pipe === 'function') letGo(() => destroy.call(items))
    },
  }
}

// By a reader, because the stream's own iterator cannot be ended while it waits for data.
function fromWebStream(items: ReadableStream): AsyncSource {
  const reader = items.getReader()
  const read = async (): Promise<unknown> => {
    const step = await reader.read()
    if (step.done) reader.releaseLock()
    return step
  }
  const close = (): void => {
    letGo(() => reader.cancel())
    letGo(() => reader.releaseLock())
  }
  return { sync: false, total: undefined, next: read, close }
}

/** An iterator's step must be an object, as in `for of`. */
export function checkStep(step: IteratorResult<unknown>): IteratorResult<unknown> {
  if ((typeof step !== 'object' && typeof step !== 'function') || step === null)
    throw new TypeError(`Iterator result ${String(step)} is not an object`)
  return step
}

// Nobody waits for this, so a source that is blocked cannot block its job; what it throws has no one to go to, as after `break`.
function letGo(close: () => unknown): void {
  try {
    mute(close())
  } catch {
    // The job ends all the same.
  }
}
