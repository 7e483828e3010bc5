// A lane's job in the scheduler, which counts items in 32 bits: the job holds a stretch of the lane's indexes, from `base` on.

import type { FunctionMeter, NativeJob } from '../binding.ts'
import type { Tally } from '../ledger/tally.ts'
import type { TableParts } from '../table/draft.ts'
import type { Hub, JobOptions, Receiver } from '../pool/hub.ts'
import { BLANK, keepHiddenClass } from '../hidden-class.ts'
import { answered } from '../thread-end.ts'

/** A job that has come this far makes room for another one. */
const LAST = 0xfff0_0000
/** The next one begins so far on: items that were promises may still come late, with indexes well below the last. */
const STRIDE = 0x8000_0000

export interface LaneJobOptions {
  readonly hub: Hub
  readonly meter: FunctionMeter
  readonly tally: Tally
  readonly job: Omit<JobOptions, 'recipe'>
}

export class LaneJob {
  static {
    keepHiddenClass(new LaneJob(BLANK, 0, BLANK, 0))
  }

  /** The lane's index of the item that is 0 in the scheduler. */
  readonly base: number
  readonly #hub: Hub
  readonly #recipe: number
  readonly #native: NativeJob

  private constructor(hub: Hub, recipe: number, native: NativeJob, base: number) {
    this.base = base
    this.#hub = hub
    this.#recipe = recipe
    this.#native = native
  }

  /** `recipe` gives the text of the recipe for a base. Throws the addon's refusals. */
  static open(
    { hub, meter, tally, job }: LaneJobOptions,
    recipe: (base: number) => string,
    receiver: Receiver,
    base = 0,
  ): LaneJob {
    const id = answered(hub.client.addRecipe(recipe(base)))
    try {
      const native = hub.open({ ...job, recipe: id }, meter, tally.native, receiver, hub.parent())
      return new LaneJob(hub, id, native, base)
    } catch (error) {
      hub.client.dropRecipe(id)
      throw error
    }
  }

  /** Whether an item of this index is better given to another job. */
  isSpent(index: number): boolean {
    return index - this.base >= LAST
  }

  /** The base of that other job. */
  get nextBase(): number {
    return this.base + STRIDE
  }

  get started(): boolean {
    return this.#native.started()
  }

  submit(
    bytes: Buffer,
    offsets: Buffer,
    definitions: Uint8Array | null,
    first: number,
    parcels: number,
    beside: number,
  ): number {
    return this.#native.submit(bytes, offsets, definitions, first - this.base, parcels, beside)
  }

  submitRow(bytes: Buffer, first: number): number {
    return this.#native.submitRow(bytes, first - this.base)
  }

  submitTable({ rows, text, shape, description }: TableParts, first: number): number {
    return this.#native.submitTable(rows, text, shape, description, first - this.base)
  }

  /** Elements from `first` on; see `ts/elements`. */
  submitElements(place: Buffer, count: number, first: number, parcel: number): number {
    return this.#native.submitElements(place, count, first - this.base, parcel)
  }

  retry(index: number): number {
    return this.#native.retry(index - this.base)
  }

  forget(index: number): void {
    this.#native.forget(index - this.base)
  }

  cancel(): number {
    return this.#native.cancel()
  }

  /** Nothing more is wanted of it. */
  release(): void {
    this.#hub.release(this.#native)
    this.#hub.client.dropRecipe(this.#recipe)
  }
}
