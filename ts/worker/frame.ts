/**
 * One claim in this worker: decodes its items, calls the function, encodes what comes of it.
 *
 * Mirrors crates/core/README.md step by step. Items start in order; of `width` 1 the next one starts when the one before has settled,
 * otherwise up to `width` may be suspended at a time.
 */
import { types } from 'node:util'
import { Decoder } from '../codec/decoder.ts'
import { Encoder } from '../codec/encoder.ts'
import { dismantle } from '../codec/error-envelope.ts'
import { TaskContext, taskStorage } from '../context.ts'
import type { ContextPart, StopProbe, TaskCell } from '../context.ts'
import { NotCloneableError } from '../errors.ts'
import { wordsOf } from '../errors/words.ts'
import { callWith } from '../lanes/call.ts'
import type { ErrorPayload } from '../lanes/outcome.ts'
import { DEFINITIONS, ERROR, VALUE } from '../pool/hub.ts'
import { isAsked } from './asks.ts'
import { Elements } from './elements.ts'
import { COMMITTED, STARTED } from './panel.ts'
import { Row } from './row.ts'
import type { Input } from './stretches.ts'
import type { TableReader } from '../table/reader.ts'
import { MissingShare } from './shares.ts'
import type { Claim } from './claim.ts'
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

/** Runs shorter than this many items are timed one by one; in longer ones the time of an item is the mean of its frame. */
const TIMED = 64

export class Frame {
  readonly claim: Claim
  readonly #desk: Desk
  readonly #prepared: Prepared
  readonly #parcels: readonly unknown[] | undefined
  readonly #decoder: Decoder
  readonly #encoder: Encoder
  readonly #cell: Cell
  readonly #began: number = performance.now()
  readonly #started: number
  readonly #limit: number
  readonly #bytes: number
  readonly #part: ContextPart
  /** Where the items are elements of shared memory. */
  readonly #elements: Elements | undefined
  /** What runs several items at a time, where they are elements or numbers. */
  readonly #short: Elements | Row | undefined
  /** Whether each item is timed: there are few, or they overlap. */
  readonly #timed: boolean
  /** Whether results that are numbers go in rows: nobody looks at the clock between them, and they come in order. */
  readonly #inRows: boolean
  /** The items, where they are numbers and go by the short way. */
  readonly #cells: Float64Array | undefined
  /** The items, where they are rows of a table. */
  readonly #table: TableReader | undefined
  /** Items that await, with when they began. */
  readonly suspended: Map<number, { readonly cell: Cell; readonly began: number }> = new Map()
  /** Why the claim's key dictionary could not be read: then no item can. */
  readonly #unread: { readonly cause: unknown } | undefined
  #next = 0
  #end: number
  #over = false

  constructor(desk: Desk, claim: Claim, prepared: Prepared, parcels: readonly unknown[] | undefined) {
    this.#desk = desk
    this.claim = claim
    this.#prepared = prepared
    this.#parcels = parcels
    this.#decoder = new Decoder(desk.shares.get)
    this.#encoder = desk.encoders.pop() ?? new Encoder()
    this.#encoder.reset()
    try {
      this.#table = claim.table()
      if (!claim.areElements && this.#table === undefined) this.#decoder.define(claim.definitions())
      else if (prepared.elements !== undefined) this.#elements = new Elements(desk, claim, prepared, parcels as never)
    } catch (cause) {
      this.#unread = { cause }
    }
    this.#timed = claim.items <= TIMED || claim.width > 1
    this.#inRows = !this.#timed && !prepared.drops
    this.#cells = this.#inRows && prepared.shape === 'item' ? claim.cells : undefined
    if (this.#elements !== undefined) this.#short = this.#elements
    else if (this.#inRows && prepared.shape === 'item' && !claim.areTimed && !prepared.calls)
      this.#short = new Row(desk, claim, prepared, this.#input())
    this.#cell = new Cell(this)
    this.#end = claim.items
    this.#started = desk.panel.startedOf(claim.frame)
    this.#limit = desk.panel.limitOf(claim.frame)
    this.#bytes = desk.panel.bytesOf(claim.frame)
    const { use, metadata, id, name } = prepared
    this.#part = { use, metadata, id, name, worker: desk.slot }
  }

  /** Where stretches of items are read. */
  #input(): Input {
    if (this.#cells !== undefined) return { kind: 'row', cells: this.#cells }
    if (this.#table !== undefined) return { kind: 'table', read: this.#table.layout.read, source: this.#table }
    return { kind: 'bytes', read: Frame.#readOf, source: this }
  }

  static #readOf = (frame: Frame, item: number): unknown => frame.#read(item)

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
    if (MissingShare.is(error)) this.#suspend(item, this.#callLater(cell, item, error), cell, began)
    else this.#fail(item, error, began)
  }

  /** What another worker has shared comes by way of the home. */
  async #callLater(cell: Cell, item: number, missing: MissingShare): Promise<unknown> {
    await this.#desk.parcels.arrival(missing.id)
    try {
      return await this.#call(cell, item)
    } catch (error) {
      if (MissingShare.is(error)) return this.#callLater(cell, item, error)
      throw error
    }
  }

  #call(cell: Cell, item: number): unknown {
    const { fn, base, shape } = this.#prepared
    const claim = this.claim
    const index = base + claim.first + item
    const value = this.#read(item)
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

  #read(item: number): unknown {
    const claim = this.claim
    if (claim.cells !== undefined) return claim.cells[item]
    try {
      if (this.#unread !== undefined) throw this.#unread.cause
      if (this.#table !== undefined) return this.#table.read(item)
      if (claim.areElements) return this.#elements?.read(item)
      return this.#decoder.item(claim.inbox, claim.begin(item), claim.begin(item + 1), this.#parcels)
    } catch (error) {
      if (MissingShare.is(error)) throw error
      // Whatever is in the way: too little memory, a global that a task has replaced, or a parcel that could not be received.
      const cause = this.#parcels === undefined && claim.parcels !== 0 ? this.#desk.parcels.lost : error
      const path = this.#prepared.shape === 'item' ? 'item' : 'arguments'
      throw new NotCloneableError(`${path} cannot be read in this worker: ${wordsOf(cause)}`, { path, cause })
    }
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
  passOnAsks(reasonOf: (ask: number) => unknown): void {
    for (const [item, { cell }] of this.suspended) {
      const ask = this.#desk.panel.asks[this.#bytes + item] as number
      if (isAsked(ask) && cell.task !== undefined) TaskContext.stop(cell.task, reasonOf(ask))
    }
  }

  #succeedNumber(item: number, value: number): void {
    this.#desk.outbox.number(this.claim.frame, item, this.#end - item, value)
    this.#committed(item)
  }

  /** After the result. Not by `Atomics`: it only calls off kills, as the result does, and each item that starts makes public what was written before. */
  #committed(item: number): void {
    this.#desk.panel.states[this.#bytes + item] = COMMITTED
  }

  /** `promised`: the function gave a promise of the value. */
  #succeed(item: number, value: unknown, began: number, promised = false): void {
    if (typeof value === 'number' && this.#inRows) return this.#succeedNumber(item, value)
    const ran = began === 0 ? 0 : performance.now() - began
    try {
      this.#write(VALUE, item, ran, this.#prepared.drops ? undefined : value)
    } catch (error) {
      this.#fail(item, error, began, promised)
      return
    }
    this.#committed(item)
  }

  /** `promised`: a value that was promised cannot be sent. */
  #fail(item: number, error: unknown, began: number, promised = false): void {
    const ranMs = performance.now() - (began === 0 ? this.#began : began)
    const told: ErrorPayload = { error: dismantle(error), ranMs: began === 0 ? ranMs / this.#next : ranMs }
    const record = promised ? { ...told, promised } : told
    const ran = began === 0 ? 0 : ranMs
    try {
      this.#write(ERROR, item, ran, record)
    } catch (second) {
      this.#write(ERROR, item, ran, { error: dismantle(second), ranMs: record.ranMs })
    }
    this.#committed(item)
  }

  #write(kind: number, item: number, ran: number, value: unknown): void {
    const encoder = this.#encoder
    const { outbox } = this.#desk
    encoder.rewind()
    encoder.item(value, kind === VALUE ? 'result' : 'error')
    if (encoder.parcels.length > 0) {
      this.#desk.postResult(this.claim, this.claim.first + item, encoder.takeParcels()[0])
      outbox.writePosted(this.claim.frame, kind, item, ran)
      return
    }
    const definitions = encoder.takeDefinitions()
    if (definitions !== null) outbox.write(this.claim.frame, DEFINITIONS, item, 0, definitions, definitions.length)
    outbox.write(this.claim.frame, kind, item, ran, encoder.buffer, encoder.length)
  }

  #finish(): void {
    if (this.#over) return
    this.#over = true
    this.#short?.tell()
    this.#desk.encoders.push(this.#encoder)
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
