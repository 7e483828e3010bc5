// The worker lane: encodes items into segments and hands them to the pool. Workers pull, so nothing here chooses one.

import { Encoder } from '../codec/encoder.ts'
import type { RowSource } from '../map/source.ts'
import { SharesUsed } from '../share/given.ts'
import { Draft } from './draft.ts'
import { JobLane, type JobLaneOptions } from './job-lane.ts'
import type { LaneJob } from './lane-job.ts'
import type { Lane, LaneSink } from './lane.ts'
import { refused } from './outcome.ts'
import { Segments } from './segments.ts'
import { BLANK, FRACTIONAL_ZERO, keepHiddenClass } from '../hidden-class.ts'

/** Items and bytes handed over and not settled: beyond them the source is not pulled. */
export const WINDOW_ITEMS = 16_384
export const WINDOW_BYTES: number = 8 * 1024 * 1024
/** The same of numbers in rows and of tables, which are dealt with so fast that a worker would run dry while the caller is away for a millisecond. */
const WINDOW_ROWS = 131_072

export class WorkerLane extends JobLane implements Lane {
  static {
    keepHiddenClass(new WorkerLane(BLANK, BLANK, new Encoder(), new Draft(BLANK, 'item')))
  }

  readonly #encoder: Encoder
  readonly #draft: Draft
  readonly #segments = new Segments()
  #items = 0
  #last = -1
  #full = false
  /** Items at most, by what came last. */
  #window = WINDOW_ITEMS
  #itemBytes = FRACTIONAL_ZERO

  private constructor(options: JobLaneOptions, sink: LaneSink, encoder: Encoder, draft: Draft) {
    super(options, sink)
    this.#encoder = encoder
    this.#draft = draft
  }

  static open(options: JobLaneOptions, sink: LaneSink): WorkerLane {
    const { hub, job, what } = options
    const encoder = new Encoder({
      shares: new SharesUsed(hub.shares),
      // Another attempt would have nothing left to read.
      freight: job.keepFailed ? undefined : hub.keepFreight,
    })
    const lane = new WorkerLane(options, sink, encoder, new Draft(encoder, what))
    lane.begin()
    return lane
  }

  /** Two claims for each worker, as the scheduler sizes them before it knows the function; or twice the items that may run. */
  get ahead(): number {
    const { concurrency, chunk } = this.options.job
    const workers = this.options.hub.workers
    const atOnce = Math.max(concurrency === 0 ? workers : concurrency, chunk * workers)
    return Math.min(2 * atOnce, WINDOW_ITEMS)
  }

  get weight(): number {
    return Math.max(this.#itemBytes, this.resultBytes)
  }

  room(): number {
    const spent = this.job?.isSpent(this.#last) === true && !this.#renewed()
    const room =
      spent || this.job === undefined || this.#segments.bytes >= WINDOW_BYTES ? 0 : this.#window - this.#items
    this.#full = room <= 0
    return Math.max(0, room)
  }

  push(index: number, item: unknown): void {
    const draft = this.#draft
    this.#window = WINDOW_ITEMS
    // An item that could not be sent leaves a gap.
    if (!draft.takes(index) || draft.isOfItsKind) this.flush()
    try {
      draft.add(index, item)
    } catch (error) {
      this.options.tally.refused()
      throw error
    }
    this.#pushed(index, 1)
  }

  pushRow(index: number, source: RowSource, most: number): number {
    if (this.options.what !== 'item') return 0
    const draft = this.#draft
    if (!draft.takes(index)) this.flush()
    const count = draft.addRow(index, source, most) || this.#addTable(index, source, most)
    if (count > 0 && draft.isOfItsKind) this.#window = WINDOW_ROWS
    if (count > 0) this.#pushed(index, count)
    return count
  }

  #addTable(index: number, source: RowSource, most: number): number {
    const draft = this.#draft
    if (!draft.mayTable(index)) return 0
    if (!draft.isTable) this.flush()
    let count = draft.addTable(index, source, most)
    if (count === 0 && draft.widens) {
      this.flush()
      count = draft.addTable(index, source, most)
    }
    if (count === 0) draft.refuseTables(index)
    return count
  }

  #pushed(index: number, count: number): void {
    if (index + count > this.#last) this.#last = index + count - 1
    if (this.#items === 0 && this.options.openEnded && this.job !== undefined) this.options.hub.resume(this)
    this.#items += count
    if (this.#draft.isFull) this.flush()
  }

  flush(): void {
    const { job } = this
    const draft = this.#draft
    if (draft.count === 0 || job === undefined || this.over) return
    const encoder = this.#encoder
    const { hub } = this.options
    const { first, count } = draft
    const parcels = encoder.parcels.length === 0 ? 0 : hub.give(encoder.takeParcels())
    const { now, later } = draft.submission(job, parcels)
    const { bytes } = draft
    this.#segments.add({
      first,
      pushedAt: performance.now(),
      bytes,
      goods: [...(parcels === 0 ? [] : [parcels]), ...encoder.takeFreight()],
      shares: encoder.takeShares(),
      left: count,
    })
    this.#itemBytes = bytes / count
    try {
      hub.handOver(count, bytes, now, later)
    } catch (error) {
      this.options.tally.refused(count)
      this.fail(refused(error, `'${this.options.name}'`))
    }
    draft.next()
  }

  row(at: number, cells: Float64Array, from: number, count: number): void {
    if (this.over) return
    const index = at + (this.job as LaneJob).base
    this.resultBytes += (8 - this.resultBytes) / 16
    this.settled(index, count)
    this.sink.row(index, cells, from, count)
    this.answeredFor()
  }

  protected release(index: number, count: number): void {
    this.#items -= count
    if (this.#items === 0 && this.options.openEnded) this.options.hub.rest(this)
    const segment = this.#segments.settle(index, count)
    if (segment === undefined) return
    if (segment.goods.length > 0) this.options.hub.drop(segment.goods)
  }

  protected pushedAt(index: number): number | undefined {
    return this.#segments.of(index)?.pushedAt
  }

  protected letGo(): number[] {
    return [...this.#segments.clear(), ...this.#encoder.takeFreight()]
  }

  protected answeredFor(): void {
    if (!this.#full || this.over || this.#items > this.#window / 2 || this.#segments.bytes >= WINDOW_BYTES) return
    this.#full = false
    this.sink.room()
  }

  #renewed(): boolean {
    if (this.#items > 0) return false
    this.renew()
    return true
  }
}
