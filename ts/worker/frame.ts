/**
 * One claim in this worker: starts its items, calls the function, passes on what comes of it.
 *
 * Mirrors crates/core/README.md step by step. Items start in order; of `width` 1 the next one starts when the one before has settled,
 * otherwise up to `width` may be suspended at a time.
 */
import { types } from 'node:util'
import { TaskContext, taskStorage } from '../context.ts'
import type { ContextPart, StopProbe, TaskCell } from '../context.ts'
import { callWith } from '../lanes/call.ts'
import { Answers } from './answers.ts'
import { isAsked, reasonOf } from './asks.ts'
import { Items } from './items.ts'
import { STARTED } from './panel.ts'
import { Row } from './row.ts'
import { Missing } from './missing.ts'
import type { Claim } from './claim.ts'
import type { Elements } from './elements.ts'
import type { Prepared } from './functions.ts'
import type { Desk } from './desk.ts'
import { whenSettled } from './when-settled.ts'

/** Whose code is running: what stray errors and rejections are traced back to. */
export class Cell implements TaskCell {
  task: TaskContext | undefined = undefined
  item = -1
  readonly frame: Frame
  constructor(frame: Frame) {
    this.frame = frame
  }

  stray(error: unknown): boolean {
    return this.frame.stray(this.item, error)
  }
}

/** Of so few items each goes by itself: what stretches need costs as much as they save. */
const FEW = 7

export class Frame {
  readonly claim: Claim
  readonly #desk: Desk
  readonly #prepared: Prepared
  readonly #items: Items
  readonly #answers: Answers
  readonly #cell: Cell
  readonly #began: number = performance.now()
  readonly #started: number
  readonly #limit: number
  readonly #bytes: number
  readonly #part: ContextPart
  /** What runs several items at a time. */
  readonly #short: Elements | Row | undefined
  /** Whether each item is timed: there are few, or they overlap. */
  readonly #timed: boolean
  /** Whether results that are numbers go in rows: nobody looks at the clock between them, and they come in order. */
  readonly #inRows: boolean
  /** The items, where they are numbers and go by the short way. */
  readonly #cells: Float64Array | undefined
  /** Items that await, with when they began. */
  readonly suspended: Map<number, { readonly cell: Cell; readonly began: number }> = new Map()
  #next = 0
  #end: number
  #over = false

  constructor(desk: Desk, claim: Claim, prepared: Prepared, parcels: readonly unknown[] | undefined) {
    this.#desk = desk
    this.claim = claim
    this.#prepared = prepared
    this.#items = new Items(desk, claim, prepared, parcels)
    this.#answers = new Answers(desk, claim)
    this.#timed = claim.items <= FEW || claim.width > 1
    this.#inRows = !this.#timed && !prepared.drops
    const goesShort = this.#inRows && prepared.shape === 'item'
    this.#cells = goesShort ? this.#items.cells : undefined
    this.#short = this.#items.elements
    if (this.#short === undefined && goesShort && !claim.areTimed && !prepared.calls)
      this.#short = new Row(desk, claim, prepared, this.#items.input)
    this.#cell = new Cell(this)
    this.#end = claim.items
    this.#started = desk.panel.startedOf(claim.frame)
    this.#limit = desk.panel.limitOf(claim.frame)
    this.#bytes = desk.panel.bytesOf(claim.frame)
    const { use, metadata, id, name } = prepared
    this.#part = { use, metadata, id, name, worker: desk.slot }
  }

  /** Nothing of it runs, and nothing of it will. */
  get over(): boolean {
    return this.#over
  }

  /** Starts what may start now. */
  advance(): void {
    taskStorage.run(this.#cell, this.#advance)
    if (this.#next >= this.#end && this.suspended.size === 0) this.#finish()
  }

  #advance = (): void => {
    const { panel, recycling } = this.#desk
    const { words, states } = panel
    const width = this.claim.width
    while (this.#next < this.#end && this.suspended.size < width) {
      const item = this.#next
      if (this.#short?.direct === true && !recycling.isSet) {
        this.#runSeveral(this.#short, item)
        continue
      }
      states[this.#bytes + item] = STARTED
      Atomics.store(words, this.#started, item + 1)
      if (item >= Atomics.load(words, this.#limit) && !this.#desk.owns(this.claim, item)) {
        states[this.#bytes + item] = 0
        this.#end = item
        return
      }
      this.#next = item + 1
      if (this.#cells !== undefined) this.#runNumber(item, this.#cells[item] as number)
      else this.#run(item)
      if (recycling.isSet && recycling.begun()) this.#desk.leave()
    }
  }

  #runSeveral(short: Elements | Row, from: number): void {
    const { stretches } = short
    const end = stretches.announce(from, Math.min(this.#end, from + short.most))
    if (end === from) {
      this.#end = from
      return
    }
    const cell = this.#cell
    const next = short.run(cell, this.#taskInTurn(cell, this.#prepared.base + this.claim.first + from), from, end)
    this.#next = next
    const { odd } = stretches
    if (odd === undefined) return
    // It may await something; what is announced behind it would be nobody's meanwhile.
    stretches.withdraw(next)
    if (odd.threw) this.#threw(next - 1, cell, odd.value, 0)
    else this.#gave(next - 1, cell, odd.value, 0)
    if (this.suspended.size > 0) stretches.slowDown()
  }

  #run(item: number): void {
    const began = this.#timed ? performance.now() : 0
    const cell = this.claim.width === 1 ? this.#cell : new Cell(this)
    cell.item = item
    let outcome: unknown
    try {
      outcome = this.#call(cell, item)
    } catch (error) {
      return this.#threw(item, cell, error, began)
    }
    this.#gave(item, cell, outcome, began)
  }

  /** The same for items that are quick enough to tell the difference: all that can be left out is. */
  #runNumber(item: number, value: number): void {
    const cell = this.#cell
    const { fn, base } = this.#prepared
    const index = base + this.claim.first + item
    cell.item = item
    let outcome: unknown
    try {
      outcome = fn(value, index, this.#taskInTurn(cell, index))
    } catch (error) {
      return this.#threw(item, cell, error, 0)
    }
    if (typeof outcome === 'number') this.#succeedNumber(item, outcome)
    else this.#gave(item, cell, outcome, 0)
  }

  #gave(item: number, cell: Cell, outcome: unknown, began: number): void {
    let awaits: boolean
    try {
      // `then` may be a getter that throws, as may any code of the user's.
      awaits = isThenable(outcome)
    } catch (error) {
      return this.#threw(item, cell, error, began)
    }
    if (awaits) this.#suspend(item, outcome as PromiseLike<unknown>, cell, began)
    else this.#succeed(item, outcome, began)
  }

  #threw(item: number, cell: Cell, error: unknown, began: number): void {
    if (Missing.is(error)) this.#suspend(item, this.#callLater(cell, item, error), cell, began)
    else this.#fail(item, error, began)
  }

  /** Calls the function once what it needs is here. */
  async #callLater(cell: Cell, item: number, missing: Missing): Promise<unknown> {
    await this.#desk.arrival(missing)
    const ask = this.#desk.panel.asks[this.#bytes + item] as number
    if (isAsked(ask)) throw reasonOf(ask)
    try {
      return await this.#call(cell, item)
    } catch (error) {
      if (Missing.is(error)) return this.#callLater(cell, item, error)
      throw error
    }
  }

  #call(cell: Cell, item: number): unknown {
    const { fn, base, shape } = this.#prepared
    const claim = this.claim
    const index = base + claim.first + item
    const value = this.#items.read(item)
    if (cell === this.#cell) return call(fn, shape, value, index, this.#taskInTurn(cell, index))
    const task = (cell.task = this.#newTask(cell, index))
    return taskStorage.run(cell, call, fn, shape, value, index, task)
  }

  /** The context of items that run one after the other: one for all of them, until one has waited or listened to its signal. */
  #taskInTurn(cell: Cell, index: number): TaskContext {
    if (cell.task !== undefined && !this.#prepared.calls && TaskContext.untouched(cell.task)) return cell.task
    return (cell.task = this.#newTask(cell, index))
  }

  #newTask(cell: Cell, index: number): TaskContext {
    return new TaskContext(this.#partOf(index), this.claim.attempt, this.#probe(cell))
  }

  #partOf(index: number): ContextPart {
    return this.#prepared.calls ? { ...this.#part, id: this.#part.id + index } : this.#part
  }

  #probe(of: { readonly item: number }): StopProbe {
    const asks = this.#desk.panel.asks
    return () => {
      if (this.#over) return 0
      if (of === this.#cell) this.#short?.stretches.touched(of.item)
      const ask = asks[this.#bytes + of.item] as number
      return isAsked(ask) ? ask : 0
    }
  }

  #suspend(item: number, outcome: PromiseLike<unknown>, cell: Cell, began: number): void {
    this.suspended.set(item, { cell, began })
    if (cell.task !== undefined) TaskContext.keep(cell.task, this.#probe({ item }))
    const promise = types.isPromise(outcome) ? outcome : Promise.resolve(outcome)
    void whenSettled(
      promise,
      (value) => this.#resume(item, () => this.#succeed(item, value, began, true)),
      (error) => this.#resume(item, () => this.#fail(item, error, began)),
    )
  }

  #resume(item: number, settle: () => void): void {
    if (!this.suspended.delete(item)) return
    settle()
    this.#desk.resumed(this)
  }

  /** An error that escaped from a suspended item's callbacks ends that item. `false` when the item has ended already. */
  stray(item: number, error: unknown): boolean {
    const one = this.suspended.get(item)
    if (one === undefined) return false
    this.#resume(item, () => this.#fail(item, error, one.began))
    return true
  }

  /** What awaits can never settle, except where somebody may still abort the signal it listens to. */
  lose(reason: () => unknown): void {
    for (const [item, { cell }] of this.suspended) {
      if (cell.task !== undefined && TaskContext.listened(cell.task)) continue
      this.stray(item, reason())
    }
  }

  /** Tells suspended items whom somebody has asked to stop; the sync ones read it themselves. */
  passOnAsks(): void {
    for (const [item, { cell }] of this.suspended) {
      const ask = this.#desk.panel.asks[this.#bytes + item] as number
      if (isAsked(ask) && cell.task !== undefined) TaskContext.stop(cell.task, reasonOf(ask))
    }
  }

  #succeedNumber(item: number, value: number): void {
    this.#answers.number(item, this.#end - item, value)
  }

  /** `promised`: the function gave a promise of the value. */
  #succeed(item: number, value: unknown, began: number, promised = false): void {
    if (typeof value === 'number' && this.#inRows) return this.#succeedNumber(item, value)
    const ran = began === 0 ? 0 : performance.now() - began
    try {
      this.#answers.value(item, ran, this.#prepared.drops ? undefined : value)
    } catch (error) {
      this.#fail(item, error, began, promised)
    }
  }

  /** `promised`: a value that was promised cannot be sent. Where nobody looked at the clock, it ran as long as the others on average. */
  #fail(item: number, error: unknown, began: number, promised = false): void {
    const ranMs = performance.now() - (began === 0 ? this.#began : began)
    const rest = { ranMs: began === 0 ? ranMs / this.#next : ranMs, ...(promised ? { promised } : undefined) }
    this.#answers.error(item, began === 0 ? 0 : ranMs, error, rest)
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#short?.end()
    this.#answers.end()
    this.#desk.finished(this)
  }
}

function call(fn: Prepared['fn'], shape: Prepared['shape'], value: unknown, index: number, task: TaskContext): unknown {
  if (shape === 'item') return fn(value, index, task)
  const args = value as unknown[]
  if (shape === 'spread') return fn(...args, index, task)
  return shape === 'bare' ? fn(...args) : callWith(fn, args, task)
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  if ((typeof value !== 'object' || value === null) && typeof value !== 'function') return false
  if (types.isPromise(value)) return true
  return typeof (value as { then?: unknown }).then === 'function'
}
