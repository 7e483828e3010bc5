/**
 * The worker lane of maps over typed arrays: no item is encoded, and no result where it is an element.
 *
 * See README.md. Elements on shared memory are handed over all at once, others block by block as there are blocks.
 */
import { types } from 'node:util'

import { LaneJob } from '../lanes/lane-job.ts'
import type { ItemReport, Lane, LaneSink } from '../lanes/lane.ts'
import { failureOf, fateError, hintAsync, refused, unreadableResult } from '../lanes/outcome.ts'
import { ResultDecoder } from '../lanes/result-decoder.ts'
import type { WorkerLaneOptions } from '../lanes/workers.ts'
import { DEFINITIONS, ERROR, FATE, SPAN, VALUE } from '../pool/hub.ts'
import type { Receiver } from '../pool/hub.ts'
import { kindOf } from './kinds.ts'
import type { Kind, Numbers } from './kinds.ts'
import { writePlace } from './place.ts'
import type { ElementMemory } from './place.ts'
import { BLOCK_BYTES } from './staging.ts'
import type { Block, Staging } from './staging.ts'

/** Items that one job of the scheduler can count, and elements that one lane takes. */
export const MOST_ELEMENTS = 0xfff0_0000

/** A map's typed array, and where its results are kept. */
export interface Elements {
  readonly items: NodeJS.TypedArray
  readonly results: Numbers
}

/** Elements that were handed over together and have not all settled. */
interface Stretch {
  readonly first: number
  readonly count: number
  readonly pushedAt: number
  /** Where they stand, unless that is the user's memory. */
  readonly block: Block | undefined
  left: number
  /** An element ended without its worker: that one may still write. */
  isLost: boolean
}

export class ElementLane implements Lane, Receiver {
  readonly name = 'workers'
  readonly ahead: number = BLOCK_BYTES
  readonly weight = 0
  readonly #options: WorkerLaneOptions
  readonly #sink: LaneSink
  readonly #items: NodeJS.TypedArray
  readonly #results: Numbers
  readonly #kind: Kind
  readonly #shared: boolean
  readonly #staging: Staging
  readonly #decoder = new ResultDecoder()
  readonly #stretches: Stretch[] = []
  readonly #attempts = new Map<number, number>()
  /** Of the user's memory. */
  #parcel = 0
  #job: LaneJob | undefined
  /** Elements that have been taken, from the first on. */
  #taken = 0
  #over = false
  #startedAt: number | undefined

  constructor(options: WorkerLaneOptions, { items, results }: Elements, sink: LaneSink) {
    this.#options = options
    this.#sink = sink
    this.#items = items
    this.#results = results
    this.#kind = kindOf(items)
    this.#shared = types.isSharedArrayBuffer(items.buffer)
    this.#staging = options.hub.staging
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

  room(): number {
    if (this.#job === undefined || this.#over) return 0
    // To learn that there are no more takes no block: others may hold them all until this map has ended.
    if (this.#shared || this.#taken >= this.#items.length) return MOST_ELEMENTS
    if (this.#staging.has(this.#stretches.length)) return BLOCK_BYTES / this.#kind.BYTES_PER_ELEMENT
    this.#staging.await(this.#roomAgain)
    return 0
  }

  take(first: number, most: number): number {
    // Looked at anew: the user may have detached or resized it.
    const count = Math.min(this.#items.length - first, most)
    if (count <= 0) return 0
    this.#taken = first + count
    const block = this.#shared ? undefined : this.#staging.take()
    if (block !== undefined) new this.#kind(block.memory[0]).set(this.#viewOf(first, count))
    const { byteOffset } = this.#items
    const offset = first * this.#kind.BYTES_PER_ELEMENT
    const place = block === undefined ? { input: byteOffset + offset, output: offset } : { input: 0, output: 0 }
    this.#stretches.push({ first, count, pushedAt: performance.now(), block, left: count, isLost: false })
    const parcel = block === undefined ? this.#given() : block.parcel
    const { hub, tally, name } = this.#options
    try {
      hub.submit((this.#job as LaneJob).submitElements(writePlace({ first, ...place }), count, first, parcel))
    } catch (error) {
      tally.refused(count)
      this.fail(refused(error, `'${name}'`))
    }
    return count
  }

  /** The feeder asks for stretches instead. */
  push(): never {
    throw new TypeError('elements are taken, not pushed')
  }

  flush(): void {}

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
    const ids = this.#parcel === 0 ? parcels : [...parcels, this.#parcel]
    if (ids.length > 0) hub.drop(ids)
    this.#staging.forget(this.#roomAgain)
    for (const { block } of this.#stretches.splice(0)) if (block !== undefined) this.#staging.lose(block)
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
    if (kind === DEFINITIONS) return this.#decoder.define(claim, buffer, start, end)
    if (this.#over) return
    if (kind === SPAN) this.#span(index, buffer.readUInt32LE(start))
    else if (kind === FATE) this.#fate(index, slot, buffer.subarray(start, end))
    else if (kind === ERROR) this.#error(index, slot, () => this.#decoder.item(claim, buffer, start, end))
    else if (kind === VALUE) {
      let value: unknown
      try {
        value = this.#decoder.item(claim, buffer, start, end)
      } catch (cause) {
        return this.unread(index, slot, cause)
      }
      this.#value(index, value)
    }
  }

  /** None comes as long as workers write results where they belong. */
  row(index: number, cells: Float64Array, from: number, count: number): void {
    if (!this.#over) for (let i = 0; i < count; i++) this.#value(index + i, cells[from + i])
  }

  parcel(kind: number, index: number, slot: number, value: unknown): void {
    if (this.#over) return
    if (kind === VALUE) this.#value(index, value)
    else this.#error(index, slot, () => value)
  }

  unread(index: number, slot: number, cause: unknown): void {
    if (!this.#over) this.#failed(index, unreadableResult(this.#nameOf(index), cause), slot, 0)
  }

  endOfClaim(claim: number): void {
    this.#decoder.forget(claim)
  }

  #span(first: number, count: number): void {
    const stretch = this.#stretchOf(first) as Stretch
    if (stretch.block !== undefined) {
      const from = (first - stretch.first) * this.#kind.BYTES_PER_ELEMENT
      this.#results.set(new this.#kind(stretch.block.memory[1], from, count) as never, first)
    }
    this.#settled(first, count)
    this.#sink.span?.(first, count)
  }

  #value(index: number, value: unknown): void {
    this.#settled(index)
    this.#sink.value(index, value)
  }

  #error(index: number, slot: number, read: () => unknown): void {
    const { site, shipped, name } = this.#options
    const { error, ranMs, promised } = failureOf(read, this.#nameOf(index), site.stack)
    if (promised && shipped !== undefined) hintAsync(shipped, name, error)
    this.#failed(index, error, slot, ranMs)
  }

  #fate(index: number, slot: number, payload: Buffer): void {
    const stretch = this.#stretchOf(index)
    if (stretch !== undefined) stretch.isLost = true
    this.#failed(index, fateError(payload, this.#nameOf(index), this.#options.job.timeout), slot, 0)
  }

  /** For messages. */
  #nameOf(index: number): string {
    return `'${this.#options.name}' (item ${index})`
  }

  #failed(index: number, error: unknown, worker: number | null, ranMs: number): void {
    const pushedAt = this.#stretchOf(index)?.pushedAt
    const queuedMs = pushedAt === undefined ? 0 : Math.max(0, performance.now() - pushedAt - ranMs)
    const report: ItemReport = { attempt: this.#attemptOf(index), queuedMs, ranMs, worker }
    if (!this.#options.job.keepFailed) this.#settled(index)
    this.#sink.error(index, error, report)
  }

  #attemptOf(index: number): number {
    return this.#attempts.get(index) ?? 1
  }

  #settled(first: number, count = 1): void {
    this.#startedAt ??= performance.now()
    if (this.#attempts.size > 0) for (let i = first; i < first + count; i++) this.#attempts.delete(i)
    const stretch = this.#stretchOf(first)
    if (stretch === undefined || (stretch.left -= count) > 0) return
    this.#stretches.splice(this.#stretches.indexOf(stretch), 1)
    if (stretch.block === undefined) return
    if (stretch.isLost) this.#staging.lose(stretch.block)
    else this.#staging.give(stretch.block)
  }

  /** There are no more of them than blocks. */
  #stretchOf(index: number): Stretch | undefined {
    return this.#stretches.find(({ first, count }) => index >= first && index < first + count)
  }

  #viewOf(first: number, count: number): ArrayLike<unknown> {
    const { buffer, byteOffset } = this.#items
    return new this.#kind(buffer, byteOffset + first * this.#kind.BYTES_PER_ELEMENT, count)
  }

  /** The user's memory and that of the results, for all workers. */
  #given(): number {
    const memory = [this.#items.buffer, this.#results.buffer] as unknown as ElementMemory
    return (this.#parcel ||= this.#options.hub.give(memory))
  }

  readonly #roomAgain = (): void => {
    if (!this.#over) this.#sink.room()
  }

  #open(recipe: (base: number) => string): void {
    try {
      this.#job = new LaneJob(this.#options, recipe, this)
    } catch (error) {
      this.close()
      throw refused(error, `'${this.#options.name}'`)
    }
  }

  #opened(recipe: (base: number) => string): void {
    if (this.#over) return
    try {
      this.#open(recipe)
    } catch (error) {
      return this.#sink.fail(error)
    }
    this.#sink.room()
  }
}
