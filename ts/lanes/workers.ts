// The worker lane: encodes items into segments, hands them to the pool, and decodes what comes back. Workers pull, so nothing here chooses one.

import { Encoder } from '../codec/encoder.ts'
import { DEFINITIONS, ERROR, FATE, VALUE } from '../pool/hub.ts'
import type { Receiver } from '../pool/hub.ts'
import type { Shipment } from '../shipping/ship.ts'
import { SharesUsed } from '../share/given.ts'
import type { CallSite } from '../call-site.ts'
import type { RowSource } from '../map/source.ts'
import { Draft } from './draft.ts'
import { LaneJob, type LaneJobOptions } from './lane-job.ts'
import type { ItemReport, Lane, LaneSink } from './lane.ts'
import { failureOf, fateError, hintAsync, refused, unreadableResult } from './outcome.ts'
import { ResultDecoder } from './result-decoder.ts'
import { Segments } from './segments.ts'

/** Items and bytes handed over and not settled: beyond them the source is not pulled. */
export const WINDOW_ITEMS = 16_384
export const WINDOW_BYTES: number = 8 * 1024 * 1024

type RecipeText = (base: number) => string

export interface WorkerLaneOptions extends LaneJobOptions {
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

export class WorkerLane implements Lane, Receiver {
  readonly name = 'workers'
  readonly #options: WorkerLaneOptions
  readonly #sink: LaneSink
  readonly #encoder: Encoder
  readonly #draft: Draft
  readonly #results = new ResultDecoder()
  readonly #segments = new Segments()
  readonly #attempts = new Map<number, number>()
  #job: LaneJob | undefined
  #recipe: RecipeText | undefined
  #items = 0
  #last = -1
  #full = false
  #over = false
  #itemBytes = 0
  #resultBytes = 0
  #startedAt: number | undefined

  constructor(options: WorkerLaneOptions, sink: LaneSink) {
    this.#options = options
    this.#encoder = new Encoder(undefined, new SharesUsed(options.hub.shares))
    this.#draft = new Draft(this.#encoder, options.what)
    this.#sink = sink
    if (typeof options.recipe === 'function') this.#open(options.recipe)
    else
      options.recipe.then(
        (recipe) => this.#opened(recipe),
        (error: unknown) => this.fail(error),
      )
  }

  get startedAt(): number | undefined {
    if (this.#startedAt === undefined && this.#job?.started) this.#startedAt = performance.now()
    return this.#startedAt
  }

  get state(): 'queued' | 'running' {
    return this.startedAt === undefined ? 'queued' : 'running'
  }

  /** Two claims for each worker, as the scheduler sizes them before it knows the function; or twice the items that may run. */
  get ahead(): number {
    const { concurrency, chunk } = this.#options.job
    const workers = this.#options.hub.workers
    const atOnce = Math.max(concurrency === 0 ? workers : concurrency, chunk * workers)
    return Math.min(2 * atOnce, WINDOW_ITEMS)
  }

  get weight(): number {
    return Math.max(this.#itemBytes, this.#resultBytes)
  }

  room(): number {
    const spent = this.#job?.isSpent(this.#last) === true && !this.#renewed()
    const room =
      spent || this.#job === undefined || this.#segments.bytes >= WINDOW_BYTES ? 0 : WINDOW_ITEMS - this.#items
    this.#full = room <= 0
    return Math.max(0, room)
  }

  push(index: number, item: unknown): void {
    const draft = this.#draft
    // An item that could not be sent leaves a gap.
    if (!draft.takes(index) || draft.isLongRow) this.flush()
    try {
      draft.add(index, item)
    } catch (error) {
      this.#options.tally.refused()
      throw error
    }
    this.#pushed(index, 1)
  }

  pushRow(index: number, source: RowSource, most: number): number {
    if (this.#options.what !== 'item') return 0
    if (!this.#draft.takes(index)) this.flush()
    const count = this.#draft.addRow(index, source, most)
    if (count > 0) this.#pushed(index, count)
    return count
  }

  #pushed(index: number, count: number): void {
    if (index + count > this.#last) this.#last = index + count - 1
    if (this.#items === 0 && this.#options.openEnded && this.#job !== undefined) this.#options.hub.resume(this)
    this.#items += count
    if (this.#draft.isFull) this.flush()
  }

  flush(): void {
    const job = this.#job
    const draft = this.#draft
    if (draft.count === 0 || job === undefined || this.#over) return
    const encoder = this.#encoder
    const { hub } = this.#options
    const { first, count, bytes } = draft
    const parcels = encoder.parcels.length === 0 ? 0 : hub.give(encoder.takeParcels())
    this.#segments.add({
      first,
      pushedAt: performance.now(),
      bytes,
      parcels,
      shares: encoder.takeShares(),
      left: count,
    })
    this.#itemBytes = bytes / count
    try {
      const { now, later } = draft.submission(job, parcels)
      hub.handOver(count, bytes, now, later)
    } catch (error) {
      this.#options.tally.refused(count)
      this.fail(refused(error, `'${this.#options.name}'`))
    }
    draft.next()
  }

  again(index: number): void {
    this.#attempts.set(index, this.#attemptOf(index) + 1)
    try {
      this.#options.hub.submit((this.#job as LaneJob).retry(index))
    } catch (error) {
      this.fail(refused(error, `'${this.#options.name}'`))
    }
  }

  forget(index: number): void {
    this.#job?.forget(index)
    this.#settled(index)
    this.#room()
  }

  abort(_reason: unknown): void {
    if (this.#over) return
    this.#over = true
    if (this.#job !== undefined) this.#options.hub.submit(this.#job.cancel())
    this.close()
  }

  close(): void {
    this.#over = true
    this.#options.tally.jobEnded()
    const { hub, parcels } = this.#options
    const ids = [...parcels, ...this.#segments.clear()]
    if (ids.length > 0) hub.drop(ids)
    this.#job?.release()
    this.#job = undefined
  }

  fail(reason: unknown): void {
    if (this.#over) return
    this.#over = true
    this.#sink.fail(reason)
  }

  cancel(reason: unknown): void {
    if (!this.#over) this.#sink.cancelled(reason)
  }

  record(kind: number, index: number, claim: number, slot: number, buffer: Buffer, start: number, end: number): void {
    if (kind === DEFINITIONS) {
      this.#results.define(claim, buffer, start, end)
      return
    }
    if (this.#over) return
    index += (this.#job as LaneJob).base
    if (kind === FATE) this.#fate(index, slot, buffer.subarray(start, end))
    else if (kind === ERROR) this.#error(index, slot, () => this.#results.item(claim, buffer, start, end))
    else if (kind === VALUE) {
      let value: unknown
      try {
        value = this.#results.item(claim, buffer, start, end)
      } catch (cause) {
        return this.#unreadAt(index, slot, cause)
      }
      this.#resultBytes += (end - start - this.#resultBytes) / 16
      this.#value(index, value)
    }
  }

  parcel(kind: number, index: number, slot: number, value: unknown): void {
    if (this.#over) return
    index += (this.#job as LaneJob).base
    if (kind === VALUE) this.#value(index, value)
    else this.#error(index, slot, () => value)
  }

  unread(index: number, slot: number, cause: unknown): void {
    if (!this.#over) this.#unreadAt(index + (this.#job as LaneJob).base, slot, cause)
  }

  #unreadAt(index: number, slot: number, cause: unknown): void {
    this.#failed(index, unreadableResult(this.#nameOf(index), cause), slot, 0)
  }

  row(index: number, cells: Float64Array, from: number, count: number): void {
    if (this.#over) return
    index += (this.#job as LaneJob).base
    this.#resultBytes += (8 - this.#resultBytes) / 16
    this.#settled(index, count)
    this.#sink.row(index, cells, from, count)
    this.#room()
  }

  endOfClaim(claim: number): void {
    this.#results.forget(claim)
  }

  #value(index: number, value: unknown): void {
    this.#settled(index)
    this.#sink.value(index, value)
    this.#room()
  }

  #error(index: number, slot: number, read: () => unknown): void {
    const { site, shipped, name } = this.#options
    const { error, ranMs, promised } = failureOf(read, this.#nameOf(index), site.stack)
    if (promised && shipped !== undefined) hintAsync(shipped, name, error)
    this.#failed(index, error, slot, ranMs)
  }

  #fate(index: number, slot: number, payload: Buffer): void {
    this.#failed(index, fateError(payload, this.#nameOf(index), this.#options.job.timeout), slot, 0)
  }

  /** For messages. */
  #nameOf(index: number): string {
    const { name, unit } = this.#options
    return `'${name}' (${unit} ${index})`
  }

  #failed(index: number, error: unknown, worker: number | null, ranMs: number): void {
    const segment = this.#segments.of(index)
    const queuedMs = segment === undefined ? 0 : Math.max(0, performance.now() - segment.pushedAt - ranMs)
    const report: ItemReport = { attempt: this.#attemptOf(index), queuedMs, ranMs, worker }
    if (!this.#options.job.keepFailed) this.#settled(index)
    this.#sink.error(index, error, report)
    this.#room()
  }

  #attemptOf(index: number): number {
    return this.#attempts.get(index) ?? 1
  }

  /** Items that follow one another, of one claim. */
  #settled(index: number, count = 1): void {
    this.#startedAt ??= performance.now()
    if (this.#attempts.size > 0) for (let i = 0; i < count; i++) this.#attempts.delete(index + i)
    this.#items -= count
    if (this.#items === 0 && this.#options.openEnded) this.#options.hub.rest(this)
    const segment = this.#segments.settle(index, count)
    if (segment === undefined) return
    if (segment.parcels !== 0) this.#options.hub.drop([segment.parcels])
  }

  #room(): void {
    if (!this.#full || this.#over || this.#items > WINDOW_ITEMS / 2 || this.#segments.bytes >= WINDOW_BYTES) return
    this.#full = false
    this.#sink.room()
  }

  #open(recipe: RecipeText, base = 0): void {
    this.#recipe = recipe
    try {
      this.#job = new LaneJob(this.#options, recipe, this, base)
      if (this.#options.openEnded) this.#options.hub.rest(this)
    } catch (error) {
      this.close()
      throw refused(error, `'${this.#options.name}'`)
    }
  }

  /** Another job takes over once nothing of this one is underway. */
  #renewed(): boolean {
    if (this.#items > 0) return false
    const { nextBase } = this.#job as LaneJob
    this.#job?.release()
    this.#job = undefined
    this.#open(this.#recipe as RecipeText, nextBase)
    return true
  }

  #opened(recipe: RecipeText): void {
    if (this.#over) return
    try {
      this.#open(recipe)
    } catch (error) {
      return this.#sink.fail(error)
    }
    this.#sink.room()
  }
}
