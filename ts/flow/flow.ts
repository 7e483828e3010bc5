// What lazy verbs return: an async iterator that may be left at any time.

import { BLANK, keepHiddenClass } from '../hidden-class.ts'

/** What stands behind a flow and does its work. */
export interface Spring<R> {
  /** The next result, in the order of the calls; rejects at most once, and is done ever after. */
  next(): Promise<IteratorResult<R, undefined>>
  /** The consumer will not come back: everything is let go at once, and calls of `next` that wait are done. */
  leave(): void
}

/**
 * Results one after the other, each worked for only as there is room. Nothing happens before the first `next()`.
 * Leaving a `for await` loop, by `break` or by a throw, closes the source and cancels what is in flight; so do `return()` and `await using`.
 */
export class Flow<R> implements AsyncIterableIterator<R>, AsyncDisposable {
  static {
    keepHiddenClass(new Flow(BLANK))
  }

  readonly #spring: Spring<R>

  /** @internal */
  constructor(spring: Spring<R>) {
    this.#spring = spring
  }

  /** The next result. May be called again before it has come: answers come in the order of the calls. */
  next(): Promise<IteratorResult<R, undefined>> {
    return this.#spring.next()
  }

  /** Ends the flow at once; it waits for nothing that is still running. */
  async return(value?: PromiseLike<undefined> | undefined): Promise<IteratorReturnResult<undefined>> {
    this.#spring.leave()
    return { done: true, value: await value }
  }

  /** Ends the flow as `return` does, and rejects with `reason`. */
  async throw(reason?: unknown): Promise<IteratorReturnResult<undefined>> {
    this.#spring.leave()
    throw reason
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#spring.leave()
  }
}

/** The flow of a call that was wrong from the start: its first `next()` rejects. */
export function stillbornFlow(reason: unknown): Flow<never> {
  let told = false
  return new Flow<never>({
    next: async () => {
      if (told) return { done: true, value: undefined }
      told = true
      throw reason
    },
    leave: () => {
      told = true
    },
  })
}
