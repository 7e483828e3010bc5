// Batches of a source that makes one wait: given when they are full, or when their time is over.

import { performance } from 'node:perf_hooks'

import { Slice } from '../map/slice.ts'
import { checkStep } from '../map/iterator-source.ts'
import type { AsyncSource } from '../map/source.ts'
import { mute } from '../thenable.ts'
import type { OnBatch } from './batch-source.ts'
import { settled } from './settled.ts'

type Step = IteratorResult<unknown, undefined>

interface Request {
  resolve(step: Step): void
  reject(reason: unknown): void
}

/**
 * Asks only while it is asked. The time of a batch begins with its first item, or when somebody asks, whichever is later: a slow consumer is no reason for
 * small batches. The question that is on its way when a time is over stays there; its answer is the first item of the next batch.
 */
export class AsyncBatches implements AsyncSource {
  readonly sync = false
  readonly total = undefined
  readonly #source: AsyncSource
  readonly #size: number
  readonly #every: number
  readonly #onBatch: OnBatch
  readonly #slice = new Slice()
  #batch: unknown[] = []
  #request: Request | undefined
  #timer: NodeJS.Timeout | undefined
  #due = Infinity
  #asking = false
  #over = false
  #broken: { readonly error: unknown } | undefined
  #closed = false

  constructor(source: AsyncSource, size: number, every: number | undefined, onBatch: OnBatch) {
    this.#source = source
    this.#size = size
    this.#every = every ?? Infinity
    this.#onBatch = onBatch
  }

  next(): Promise<Step> {
    return new Promise((resolve, reject) => {
      this.#request = { resolve, reject }
      this.#slice.enter()
      this.#goOn()
    })
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#stopTimer()
    this.#request?.resolve({ done: true, value: undefined })
    this.#request = undefined
    if (!this.#over) this.#source.close()
  }

  // Gives what is to be given, or sees to it that there will be something.
  #goOn(): void {
    if (this.#request === undefined) return
    const full = this.#batch.length >= this.#size
    if (full || this.#over || (this.#due < Infinity && performance.now() >= this.#due)) return this.#give(this.#request)
    if (this.#batch.length > 0) this.#startTimer()
    if (!this.#slice.over()) return this.#ask()
    setImmediate(() => {
      this.#slice.restart()
      this.#ask()
    })
  }

  #give({ resolve, reject }: Request): void {
    const batch = this.#batch
    this.#batch = []
    this.#request = undefined
    this.#stopTimer()
    if (batch.length > 0) {
      this.#onBatch(batch.length)
      resolve({ done: false, value: settled(batch) })
    } else if (this.#broken === undefined) resolve({ done: true, value: undefined })
    else reject(this.#broken.error)
  }

  #ask(): void {
    if (this.#asking || this.#over || this.#closed || this.#request === undefined) return
    this.#asking = true
    let step: unknown
    try {
      step = this.#source.next()
    } catch (error) {
      return this.#breaks(error)
    }
    Promise.resolve(step as Step).then(this.#onStep, this.#breaks)
  }

  readonly #onStep = (step: IteratorResult<unknown>): void => {
    try {
      checkStep(step)
    } catch (error) {
      return this.#breaks(error)
    }
    this.#asking = false
    if (step.done) this.#over = true
    else {
      // A promise may reject while its batch waits for more.
      mute(step.value)
      if (!this.#closed) this.#batch.push(step.value)
    }
    this.#goOn()
  }

  // What was there before comes first.
  readonly #breaks = (error: unknown): void => {
    this.#asking = false
    this.#over = true
    this.#broken = { error }
    this.#goOn()
  }

  #startTimer(): void {
    if (this.#timer !== undefined || this.#every === Infinity) return
    // The clock as well: a source that always answers in microtasks keeps timers from firing.
    this.#due = performance.now() + this.#every
    this.#timer = setTimeout(() => {
      if (this.#request !== undefined) this.#give(this.#request)
    }, this.#every)
  }

  #stopTimer(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#due = Infinity
  }
}
