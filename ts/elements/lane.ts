/**
 * The worker lane of maps over typed arrays: no item is encoded, and no result where it is an element.
 *
 * See README.md. Elements on shared memory are handed over all at once, others block by block as there are blocks.
 */
import { types } from 'node:util'

import { JobLane, type JobLaneOptions } from '../lanes/job-lane.ts'
import type { LaneJob } from '../lanes/lane-job.ts'
import type { Lane, LaneSink } from '../lanes/lane.ts'
import { refused } from '../lanes/outcome.ts'
import { SPAN } from '../pool/hub.ts'
import { kindOf } from './kinds.ts'
import type { Kind, Numbers } from './kinds.ts'
import { writePlace } from './place.ts'
import type { ElementMemory } from './place.ts'
import { BLOCK_BYTES } from './staging.ts'
import type { Block, Staging } from './staging.ts'
import { BLANK, keepHiddenClass } from '../hidden-class.ts'

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

export class ElementLane extends JobLane implements Lane {
  static {
    keepHiddenClass(new ElementLane(BLANK, { items: new Float64Array(0), results: new Float64Array(0) }, BLANK, BLANK))
  }

  readonly ahead: number = BLOCK_BYTES
  readonly weight = 0
  readonly #items: NodeJS.TypedArray
  readonly #results: Numbers
  readonly #kind: Kind
  readonly #shared: boolean
  readonly #staging: Staging
  readonly #stretches: Stretch[] = []
  /** Of the user's memory. */
  #parcel = 0
  /** Elements that have been taken, from the first on. */
  #taken = 0

  private constructor(options: JobLaneOptions, { items, results }: Elements, staging: Staging, sink: LaneSink) {
    super(options, sink)
    this.#items = items
    this.#results = results
    this.#kind = kindOf(items)
    this.#shared = types.isSharedArrayBuffer(items.buffer)
    this.#staging = staging
  }

  static open(options: JobLaneOptions, elements: Elements, sink: LaneSink): ElementLane {
    const lane = new ElementLane(options, elements, options.hub.staging, sink)
    lane.begin()
    return lane
  }

  room(): number {
    if (this.job === undefined || this.over) return 0
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
    const { hub, tally, name } = this.options
    try {
      hub.submit((this.job as LaneJob).submitElements(writePlace({ first, ...place }), count, first, parcel))
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

  override close(): void {
    super.close()
    this.#staging.forget(this.#roomAgain)
    for (const { block } of this.#stretches.splice(0)) if (block !== undefined) this.#staging.lose(block)
  }

  override record(
    kind: number,
    at: number,
    claim: number,
    slot: number,
    buffer: Buffer,
    start: number,
    end: number,
  ): void {
    if (kind !== SPAN) super.record(kind, at, claim, slot, buffer, start, end)
    else if (!this.over) this.#span(at, buffer.readUInt32LE(start))
  }

  /** None comes as long as workers write results where they belong. */
  row(at: number, cells: Float64Array, from: number, count: number): void {
    if (!this.over) for (let i = 0; i < count; i++) this.value(at + i, cells[from + i])
  }

  #span(first: number, count: number): void {
    const stretch = this.#stretchOf(first) as Stretch
    if (stretch.block !== undefined) {
      const from = (first - stretch.first) * this.#kind.BYTES_PER_ELEMENT
      this.#results.set(new this.#kind(stretch.block.memory[1], from, count) as never, first)
    }
    this.settled(first, count)
    this.sink.span?.(first, count)
  }

  protected override fate(index: number, slot: number, payload: Buffer): void {
    const stretch = this.#stretchOf(index)
    if (stretch !== undefined) stretch.isLost = true
    super.fate(index, slot, payload)
  }

  protected release(first: number, count: number): void {
    const stretch = this.#stretchOf(first)
    if (stretch === undefined || (stretch.left -= count) > 0) return
    this.#stretches.splice(this.#stretches.indexOf(stretch), 1)
    if (stretch.block === undefined) return
    if (stretch.isLost) this.#staging.lose(stretch.block)
    else this.#staging.give(stretch.block)
  }

  protected pushedAt(index: number): number | undefined {
    return this.#stretchOf(index)?.pushedAt
  }

  protected letGo(): number[] {
    return this.#parcel === 0 ? [] : [this.#parcel]
  }

  /** It is blocks that make room, and they tell by themselves. */
  protected answeredFor(): void {}

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
    return (this.#parcel ||= this.options.hub.give(memory))
  }

  readonly #roomAgain = (): void => {
    if (!this.over) this.sink.room()
  }
}
