// Moves items from a source to a lane: as many as it has room for, for at most 4 ms a turn of the event loop.

import type { Lane } from '../lanes/lane.ts'
import { isPromised, mute } from '../thenable.ts'
import { Slice } from './slice.ts'
import { checkStep } from './iterator-source.ts'
import { end, type AsyncSource, type RowSource, type Source, type SyncSource } from './source.ts'
import { BLANK, FRACTIONAL_ZERO, keepHiddenClass } from '../hidden-class.ts'

/** Whom a feeder tells what the lane will not. */
export interface FeedHost {
  /** How many more items the host can hold, whatever room the lane has. */
  spare(): number
  /** An item that never reached the lane. */
  failed(index: number, error: unknown): void
  /** The source has given its last item. */
  exhausted(): void
  /** The source threw. */
  broken(error: unknown): void
}

const longestRow = 4096

export class Feeder {
  static {
    keepHiddenClass(new Feeder(BLANK, BLANK, BLANK))
  }

  /** How many items the source has given; the next one's index. */
  pulled = 0
  /** Whether the source has given its last item. */
  exhausted = false
  readonly #source: Source
  readonly #host: FeedHost
  readonly #lane: Lane
  readonly #slice = new Slice()
  // Failed items that are to run again; the consumed front is dropped when all are.
  readonly #due: number[] = []
  #dueAt = 0
  // Pulled promises that have not settled: they hold their places in the lane.
  #awaited = 0
  #pumping = false
  #asking = false
  #flushing = false
  #broken = false
  #halted = false
  #limit = Infinity
  #stopped = false
  // So many items are pulled one by one before a row of numbers is looked for again.
  #rowless = FRACTIONAL_ZERO
  #patience = 1
  #pause: NodeJS.Immediate | undefined

  constructor(source: Source, lane: Lane, host: FeedHost) {
    this.#source = source
    this.#lane = lane
    this.#host = host
  }

  /** Moves what can be moved. Called whenever something has changed; cheap if nothing has. */
  pump(): void {
    if (this.#stopped || this.#pumping || this.#pause !== undefined) return
    this.#pumping = true
    this.#slice.enter()
    let moved = false
    let room = 0
    while (!this.#stopped) {
      if (this.#dueAt < this.#due.length) this.#repeat()
      else {
        if (this.exhausted || this.#halted) break
        if (room <= 0 && (room = Math.min(this.#lane.room() - this.#awaited, this.#host.spare())) <= 0) break
        if (this.#lane.take !== undefined) {
          const taken = this.#lane.take(this.pulled, room)
          if (this.#stopped) break
          if (taken === 0) {
            this.#ends()
            break
          }
          this.pulled += taken
          room -= taken
        } else if (!this.#source.sync) {
          this.#ask(this.#source)
          break
        } else {
          const taken = this.#rowless > 0 ? 0 : this.#pullRow(this.#source, room)
          if (taken === 0) {
            if (!this.#pull(this.#source)) break
            this.#rowless--
          }
          room -= taken || 1
        }
      }
      moved = true
      if (this.#slice.over()) {
        this.#rest()
        break
      }
    }
    this.#pumping = false
    if (moved && !this.#stopped) this.#lane.flush()
  }

  /** A failed item is to run once more. */
  repeat(index: number): void {
    this.#due.push(index)
    this.pump()
  }

  /** Nothing is pulled any more, and of what was, items from `limit` on are not wanted. Failed ones that are to run again still do. */
  halt(limit: number): void {
    this.#halted = true
    this.#limit = Math.min(this.#limit, limit)
  }

  /** Nothing is moved any more; a source that has not ended is let go. */
  stop(): void {
    if (this.#stopped) return
    this.#stopped = true
    clearImmediate(this.#pause)
    if (!this.exhausted && !this.#broken) this.#source.close()
  }

  #rest(): void {
    this.#pause ??= setImmediate(() => {
      this.#pause = undefined
      this.#slice.restart()
      this.pump()
    })
  }

  #repeat(): void {
    const index = this.#due[this.#dueAt++] as number
    if (this.#dueAt === this.#due.length) this.#due.length = this.#dueAt = 0
    this.#lane.again(index)
  }

  // Takes numbers that follow one another, where source and lane can; gives how many.
  #pullRow(source: SyncSource, room: number): number {
    if (source.fill === undefined || this.#lane.pushRow === undefined) {
      this.#rowless = Infinity
      return 0
    }
    const taken = this.#lane.pushRow(this.pulled, source as RowSource, Math.min(room, longestRow))
    this.pulled += taken
    // Where there are none, they are looked for ever less often.
    this.#patience = taken > 0 ? 1 : Math.min(this.#patience * 2, 64)
    if (taken === 0) this.#rowless = this.#patience
    return taken
  }

  // Takes one item from a source that answers at once; false where there is none.
  #pull(source: SyncSource): boolean {
    let item: unknown
    try {
      item = source.next()
    } catch (error) {
      this.#breaks(error)
      return false
    }
    if (this.#stopped) {
      mute(item)
      return false
    }
    if (item === end) {
      this.#ends()
      return false
    }
    this.#admit(item)
    return true
  }

  // Asks an async source for one item. One question at a time: their order is the items' order.
  #ask(source: AsyncSource): void {
    if (this.#asking) return
    this.#asking = true
    let step: unknown
    try {
      step = source.next()
    } catch (error) {
      return this.#breaks(error)
    }
    Promise.resolve(step as IteratorResult<unknown>).then(this.#onStep, this.#onStepFailed)
  }

  readonly #onStep = (step: IteratorResult<unknown>): void => {
    this.#asking = false
    let item: unknown
    try {
      item = checkStep(step).done ? end : step.value
    } catch (error) {
      return this.#breaks(error)
    }
    if (this.#stopped) return mute(item)
    if (item === end) return this.#ends()
    if (this.#halted) return mute(item)
    this.#admit(item)
    this.#arrived()
  }

  readonly #onStepFailed = (error: unknown): void => {
    this.#breaks(error)
  }

  #ends(): void {
    this.exhausted = true
    if (!this.#halted) this.#host.exhausted()
  }

  #breaks(error: unknown): void {
    if (this.#stopped) return
    this.#broken = true
    if (!this.#halted) this.#host.broken(error)
  }

  // Gives an item its index and its way to the lane; promises are awaited first.
  #admit(item: unknown): void {
    const index = this.pulled++
    if (isPromised(item)) this.#await(index, item)
    else this.#push(index, item)
  }

  #await(index: number, item: PromiseLike<unknown>): void {
    this.#awaited++
    settled(item).then(
      (value) => this.#settles(() => this.#push(index, value)),
      (error: unknown) => this.#settles(() => this.#host.failed(index, error)),
    )
  }

  #settles(act: () => void): void {
    this.#awaited--
    if (this.#stopped) return
    act()
    this.#arrived()
  }

  #push(index: number, item: unknown): void {
    if (index >= this.#limit) return
    try {
      this.#lane.push(index, item)
    } catch (error) {
      if (!this.#stopped) this.#host.failed(index, error)
    }
  }

  // A single item came from outside the pump. Those of one turn are handed over together, when its microtasks are done.
  #arrived(): void {
    if (this.#stopped) return
    if (!this.#flushing) {
      this.#flushing = true
      process.nextTick(this.#flush)
    }
    if (this.#slice.over()) this.#rest()
    else this.pump()
  }

  readonly #flush = (): void => {
    this.#flushing = false
    if (!this.#stopped) this.#lane.flush()
  }
}

// As `await` does it, for a promise whose own `constructor` throws, too.
function settled(item: PromiseLike<unknown>): Promise<unknown> {
  try {
    return Promise.resolve(item)
  } catch (error) {
    return Promise.reject(error as Error)
  }
}
