// The consumer's end of a flow: results by their turn, those who wait for them, and the flow's end.

import { Ring } from './ring.ts'

export type Step = IteratorResult<unknown, undefined>

/** An error, which may be anything that can be thrown. */
export interface Thrown {
  readonly reason: unknown
}

interface Waiter {
  resolve(step: Step): void
  reject(reason: unknown): void
}

/** Whom an outlet tells what its consumer did. */
export interface OutletHost {
  /** A result was yielded. */
  taken(): void
  /** The end was told: nothing follows. */
  over(): void
}

export class Outlet {
  readonly #host: OutletHost
  readonly #results = new Ring<unknown>()
  readonly #waiting = new Ring<Waiter>()
  #asked = 0
  // The turn at which the flow ends, as soon as that is known, and the error that stands there.
  #end = Infinity
  #error: Thrown | undefined
  // Every turn before it has its result. Looked after once the end is known.
  #frontier = 0

  constructor(host: OutletHost) {
    this.#host = host
  }

  /** How many results were yielded. */
  get yielded(): number {
    return this.#results.front
  }

  /** How many calls of `next` wait. */
  get waiting(): number {
    return this.#asked - this.#waiting.front
  }

  next(): Promise<Step> {
    // Whoever waits is answered as soon as something comes, or right after what is going on at this moment.
    if (this.waiting === 0) {
      if (this.#isReady) return Promise.resolve({ done: false, value: this.#take() })
      if (this.#isOut) return new Promise((resolve, reject) => this.#answerLast({ resolve, reject }))
    }
    return new Promise((resolve, reject) => this.#waiting.put(this.#asked++, { resolve, reject }))
  }

  /** A result for its turn; behind the end nobody wants it. */
  keep(turn: number, value: unknown): void {
    if (turn < this.#end) this.#results.put(turn, value)
  }

  /** Nothing from `turn` on is yielded, but the error if there is one. No effect if the end is there or nearer already. */
  endAt(turn: number, error: Thrown | undefined): void {
    if (turn >= this.#end) return
    this.#end = turn
    this.#error = error
  }

  /** Whether a result of this turn could still be yielded. */
  isWanted(turn: number): boolean {
    return turn < this.#end
  }

  /** The first turn that has no result. */
  get missing(): number {
    if (this.#frontier < this.#results.front) this.#frontier = this.#results.front
    while (this.#frontier < this.#end && this.#results.has(this.#frontier)) this.#frontier++
    return this.#frontier
  }

  /** Whether everything that is to be yielded has come. */
  get isComplete(): boolean {
    return this.#end !== Infinity && this.missing >= this.#end
  }

  /** What stands at the end. */
  get error(): Thrown | undefined {
    return this.#error
  }

  /** The end is here: with this error or without one, whatever else was still to be yielded. */
  cut(error: Thrown | undefined): void {
    this.#results.clear()
    this.#end = this.#results.front
    this.#error = error
    this.serve()
  }

  /** Answers those who wait, as far as there is something to answer. */
  serve(): void {
    while (this.waiting > 0) {
      if (this.#isReady) this.#waiting.take().resolve({ done: false, value: this.#take() })
      else if (this.#isOut) this.#answerLast(this.#waiting.take())
      else return
    }
  }

  get #isReady(): boolean {
    return this.#results.ready && this.#results.front < this.#end
  }

  // Everything up to the end has been yielded.
  get #isOut(): boolean {
    return this.#results.front >= this.#end
  }

  #take(): unknown {
    this.#host.taken()
    return this.#results.take()
  }

  // What stands behind the last result: the error, once, and the end.
  #answerLast({ resolve, reject }: Waiter): void {
    const error = this.#error
    this.#error = undefined
    this.#host.over()
    if (error === undefined) resolve({ done: true, value: undefined })
    else reject(error.reason)
  }
}
