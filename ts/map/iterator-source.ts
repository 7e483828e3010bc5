// The items of an iterable: by its iterator, or by promised steps of an async one; of a Web stream by a reader.

import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web'
import { types } from 'node:util'

import { mute } from '../thenable.ts'
import { end, type AsyncSource, type SyncSource } from './source.ts'

export class IteratorSource implements SyncSource {
  readonly sync = true
  readonly total: number | undefined
  readonly #iterator: Iterator<unknown>
  readonly #next: Iterator<unknown>['next']
  #over = false
  #inside = false
  #wanted = false

  constructor(items: Iterable<unknown>) {
    this.#iterator = items[Symbol.iterator]()
    this.#next = this.#iterator.next
    this.total = types.isSet(items) || types.isMap(items) ? (items as Set<unknown>).size : undefined
  }

  next(): unknown {
    this.#inside = true
    let step: IteratorResult<unknown>
    try {
      step = checkStep(this.#next.call(this.#iterator))
      if (step.done) this.#over = true
    } catch (error) {
      this.#over = true
      throw error
    } finally {
      this.#inside = false
    }
    if (this.#wanted) this.close()
    return step.done ? end : step.value
  }

  close(): void {
    if (this.#over) return
    // A generator that ends its own job is still running and would refuse; it is closed when it gives its item.
    if (this.#inside) return void (this.#wanted = true)
    this.#over = true
    letGo(() => this.#iterator.return?.())
  }
}

export class AsyncIteratorSource implements AsyncSource {
  readonly sync = false
  readonly total = undefined
  readonly #items: AsyncIterable<unknown>
  readonly #iterator: AsyncIterator<unknown>
  readonly #next: AsyncIterator<unknown>['next']

  constructor(items: AsyncIterable<unknown>) {
    this.#items = items
    this.#iterator = items[Symbol.asyncIterator]()
    this.#next = this.#iterator.next
  }

  next(): unknown {
    return this.#next.call(this.#iterator)
  }

  close(): void {
    letGo(() => this.#iterator.return?.())
    // The iterator of a Node stream waits for data before it returns, and does nothing if it was never asked.
    const { destroy, pipe } = this.#items as { destroy?: unknown; pipe?: unknown }
    if (typeof destroy === 'function' && typeof pipe === 'function') letGo(() => destroy.call(this.#items))
  }
}

/** By a reader, because the stream's own iterator cannot be ended while it waits for data. */
export class StreamSource implements AsyncSource {
  readonly sync = false
  readonly total = undefined
  readonly #reader: ReadableStreamDefaultReader

  constructor(items: ReadableStream) {
    this.#reader = items.getReader()
  }

  async next(): Promise<unknown> {
    const step = await this.#reader.read()
    if (step.done) this.#reader.releaseLock()
    return step
  }

  close(): void {
    letGo(() => this.#reader.cancel())
    letGo(() => this.#reader.releaseLock())
  }
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
