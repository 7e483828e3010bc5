// What the lanes of workers share: their job in the scheduler, what comes back of it, and how it ends.

import type { CallSite } from '../call-site.ts'
import { DEFINITIONS, ERROR, FATE, TABLE, VALUE } from '../pool/hub.ts'
import type { Receiver } from '../pool/hub.ts'
import { readTable } from '../table/record.ts'
import type { Shipment } from '../shipping/ship.ts'
import { LaneJob, type LaneJobOptions } from './lane-job.ts'
import type { ItemReport, LaneSink } from './lane.ts'
import { failureOf, fateError, hintAsync, refused, unreadableResult } from './outcome.ts'
import { ResultDecoder } from './result-decoder.ts'
import { FRACTIONAL_ZERO } from '../hidden-class.ts'

type RecipeText = (base: number) => string

export interface JobLaneOptions extends LaneJobOptions {
  /** Text of the recipe of a job with this base; a promise while a task's export is being looked for. */
  readonly recipe: RecipeText | Promise<RecipeText>
  /** Ids of the parcels to drop when the job has settled. */
  readonly parcels: readonly number[]
  /** What is shared in `use`: held as long as the job is open. */
  readonly shares: ReadonlySet<object> | undefined
  readonly site: CallSite
  /** The function, where it was sent because it is a plain one that is not async. */
  readonly shipped: Shipment | undefined
  /** For messages: the job, what an item is called, and what its value is. */
  readonly name: string
  readonly unit: 'item' | 'batch'
  readonly what: 'item' | 'items' | 'arguments'
  /** See `LaneSettings`. */
  readonly openEnded: boolean
}

export abstract class JobLane implements Receiver {
  readonly name = 'workers'
  protected readonly options: JobLaneOptions
  protected readonly sink: LaneSink
  protected job: LaneJob | undefined
  protected over = false
  /** Bytes of a result, about. */
  protected resultBytes: number = FRACTIONAL_ZERO
  readonly #results = new ResultDecoder()
  readonly #attempts = new Map<number, number>()
  #recipe: RecipeText | undefined
  #startedAt: number | undefined

  constructor(options: JobLaneOptions, sink: LaneSink) {
    this.options = options
    this.sink = sink
  }

  /** Items that follow one another, of one claim, need nothing of what was handed over for them any more. */
  protected abstract release(index: number, count: number): void
  /** When the item was handed over. */
  protected abstract pushedAt(index: number): number | undefined
  /** An item has been answered for: there may be room again. */
  protected abstract answeredFor(): void
  /** What goes when the lane closes, besides the parcels of its options: their ids. */
  protected abstract letGo(): readonly number[]

  /** Opens the job. */
  protected begin(): void {
    const { recipe } = this.options
    if (typeof recipe === 'function') this.#open(recipe)
    else
      recipe.then(
        (found) => this.#opened(found),
        (error: unknown) => this.fail(error),
      )
  }

  get startedAt(): number | undefined {
    if (this.#startedAt === undefined && this.job?.started) this.#startedAt = performance.now()
    return this.#startedAt
  }

  get state(): 'queued' | 'running' {
    return this.startedAt === undefined ? 'queued' : 'running'
  }

  again(index: number): void {
    this.#attempts.set(index, this.#attemptOf(index) + 1)
    try {
      this.options.hub.submit((this.job as LaneJob).retry(index))
    } catch (error) {
      this.fail(refused(error, `'${this.options.name}'`))
    }
  }

  forget(index: number): void {
    this.job?.forget(index)
    this.settled(index, 1)
    this.answeredFor()
  }

  abort(_reason: unknown): void {
    if (this.over) return
    this.over = true
    if (this.job !== undefined) this.options.hub.submit(this.job.cancel())
    this.close()
  }

  close(): void {
    this.over = true
    this.options.tally.jobEnded()
    const ids = [...this.options.parcels, ...this.letGo()]
    if (ids.length > 0) this.options.hub.drop(ids)
    this.job?.release()
    this.job = undefined
  }

  fail(reason: unknown): void {
    if (this.over) return
    this.over = true
    this.sink.fail(reason)
  }

  cancel(reason: unknown): void {
    if (!this.over) this.sink.cancelled(reason)
  }

  record(kind: number, at: number, claim: number, slot: number, buffer: Buffer, start: number, end: number): void {
    if (kind === DEFINITIONS) {
      this.#results.define(claim, buffer, start, end)
      return
    }
    if (this.over) return
    const index = at + (this.job as LaneJob).base
    if (kind === FATE) this.fate(index, slot, buffer.subarray(start, end))
    else if (kind === TABLE) this.#table(index, slot, buffer.subarray(start, end))
    else if (kind === ERROR) this.#error(index, slot, () => this.#results.item(claim, buffer, start, end))
    else if (kind === VALUE) {
      let value: unknown
      try {
        value = this.#results.item(claim, buffer, start, end)
      } catch (cause) {
        return this.#unreadAt(index, slot, cause)
      }
      this.resultBytes += (end - start - this.resultBytes) / 16
      this.value(index, value)
    }
  }

  #table(index: number, slot: number, payload: Buffer): void {
    const count = payload.readUInt32LE(4)
    let values: unknown[]
    try {
      values = readTable(payload)
    } catch (cause) {
      for (let i = 0; i < count && !this.over; i++) this.#unreadAt(index + i, slot, cause)
      return
    }
    this.resultBytes += (payload.length / count - this.resultBytes) / 16
    this.settled(index, count)
    if (this.sink.values !== undefined) this.sink.values(index, values)
    else for (let i = 0; i < count; i++) this.sink.value(index + i, values[i])
    this.answeredFor()
  }

  abstract row(at: number, cells: Float64Array, from: number, count: number): void

  parcel(kind: number, at: number, slot: number, value: unknown, bytes: number): void {
    if (this.over) return
    const index = at + (this.job as LaneJob).base
    if (kind === VALUE) {
      this.resultBytes += (bytes - this.resultBytes) / 16
      this.value(index, value)
    } else this.#error(index, slot, () => value)
  }

  unread(at: number, slot: number, cause: unknown): void {
    if (!this.over) this.#unreadAt(at + (this.job as LaneJob).base, slot, cause)
  }

  endOfClaim(claim: number): void {
    this.#results.forget(claim)
  }

  protected value(index: number, value: unknown): void {
    this.settled(index, 1)
    this.sink.value(index, value)
    this.answeredFor()
  }

  /** An item ended without its worker's word. */
  protected fate(index: number, slot: number, payload: Buffer): void {
    this.#failed(index, fateError(payload, this.#nameOf(index), this.options.job.timeout), slot, 0)
  }

  /** Items that follow one another, of one claim. */
  protected settled(index: number, count: number): void {
    this.#startedAt ??= performance.now()
    if (this.#attempts.size > 0) for (let i = 0; i < count; i++) this.#attempts.delete(index + i)
    this.release(index, count)
  }

  /** Another job takes over, of which nothing is underway yet. */
  protected renew(): void {
    const { nextBase } = this.job as LaneJob
    this.job?.release()
    this.job = undefined
    this.#open(this.#recipe as RecipeText, nextBase)
  }

  #unreadAt(index: number, slot: number, cause: unknown): void {
    this.#failed(index, unreadableResult(this.#nameOf(index), cause), slot, 0)
  }

  #error(index: number, slot: number, read: () => unknown): void {
    const { site, shipped, name } = this.options
    const { error, ranMs, promised } = failureOf(read, this.#nameOf(index), site.stack)
    if (promised && shipped !== undefined) hintAsync(shipped, name, error)
    this.#failed(index, error, slot, ranMs)
  }

  #failed(index: number, error: unknown, worker: number | null, ranMs: number): void {
    const pushedAt = this.pushedAt(index)
    const queuedMs = pushedAt === undefined ? 0 : Math.max(0, performance.now() - pushedAt - ranMs)
    const report: ItemReport = { attempt: this.#attemptOf(index), queuedMs, ranMs, worker }
    if (!this.options.job.keepFailed) this.settled(index, 1)
    this.sink.error(index, error, report)
    this.answeredFor()
  }

  #attemptOf(index: number): number {
    return this.#attempts.get(index) ?? 1
  }

  /** For messages. */
  #nameOf(index: number): string {
    const { name, unit } = this.options
    return `'${name}' (${unit} ${index})`
  }

  #open(recipe: RecipeText, base = 0): void {
    this.#recipe = recipe
    try {
      this.job = LaneJob.open(this.options, recipe, this, base)
      if (this.options.openEnded) this.options.hub.rest(this)
    } catch (error) {
      this.close()
      throw refused(error, `'${this.options.name}'`)
    }
  }

  #opened(recipe: RecipeText): void {
    if (this.over) return
    try {
      this.#open(recipe)
    } catch (error) {
      return this.sink.fail(error)
    }
    this.sink.room()
  }
}
