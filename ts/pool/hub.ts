/** What a calling thread has of a pool, whether it is the pool's home or one of its workers: open jobs, fetch completions, give parcels. */
import { addon } from '../binding.ts'
import type { FunctionMeter, NativeClient, NativeHome, NativeJob, NativeTally } from '../binding.ts'
import type { Freight } from '../codec/freight.ts'
import type { PoolSettings } from '../options/settings.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { Staging } from '../elements/staging.ts'
import { GivenShares } from '../share/given.ts'
import type { ShareTaker } from '../share/given.ts'
import { ResultParcels } from './result-parcels.ts'
import { isFull, WaitingRoom } from './waiting-room.ts'
import type { AddressedCall, WorkerAnswer } from './link.ts'
import type { Rings } from './memory.ts'
import { answered } from '../thread-end.ts'

/** Record kinds, as `crates/core` writes them. */
export const VALUE = 0
export const ERROR = 1
export const DEFINITIONS = 2
export const FATE = 3
export const ROW = 4
/** Elements whose results stand in shared memory: their number. */
export const SPAN = 5
/** Values of items that follow one another, as a table: see `ts/table`. */
export const TABLE = 6
/** How long items ran that were timed together; for the core alone. */
export const TIMES = 7

export type JobOptions = Parameters<NativeClient['open']>[0]
type CallerSeat = NonNullable<ConstructorParameters<typeof addon.Client>[1]>

/** What somebody waits for: a job, or native work. */
export interface Awaited {
  /** Workers cannot start: no job can go on. */
  fail(reason: unknown): void
  /** The pool is closed: it ends as if it had been cancelled, and nobody need handle that. */
  cancel(reason: unknown): void
}

/** Where the completions of one job go. `start` and `end` delimit the payload, which is reused after the call. */
export interface Receiver extends Awaited {
  record(kind: number, index: number, claim: number, slot: number, buffer: Buffer, start: number, end: number): void
  /** Values of items that follow one another: `count` numbers, from `from` on. */
  row(index: number, cells: Float64Array, from: number, count: number): void
  /** A payload that bytes could not carry, and those of the memory that was handed over with it. */
  parcel(kind: number, index: number, slot: number, value: unknown, bytes: number): void
  /** A payload has come that this thread cannot make a value of: its item fails. */
  unread(index: number, slot: number, cause: unknown): void
  /** No record of this claim follows. */
  endOfClaim(claim: number): void
}

/** How a call in each worker is asked for. */
export interface BroadcastRequest {
  readonly sticky: boolean
  readonly held: unknown
  /** Hears that the pool was closed meanwhile, so that nobody need handle it. */
  readonly cancelled: () => void
}

/** How much may wait, and what a call does that finds no room. */
export type QueueRules = Pick<PoolSettings, 'maxQueue' | 'whenFull'>

const BLOCK_HEAD = 24
const RECORD_HEAD = 16
/** The calling thread is not held longer than this at a time by results, and as long by items: both may come in one turn of its event loop. */
const SLICE_MS = 4
/** The clock is looked at after so many records, or fewer where they are long: 64 KiB of text take some 20 µs. */
const RECORDS_A_LOOK = 32
const BYTES_A_RECORD = 2048

export abstract class Hub implements ShareTaker {
  abstract readonly rings: Rings
  /** Workers at most. */
  abstract readonly workers: number
  /** Ms of idleness after which threads leave. */
  abstract readonly idleTimeout: number
  /** What became of the pool's jobs. */
  abstract readonly ledger: Ledger
  /** Whose doorbell rings on this thread; a worker has none. */
  abstract readonly home: NativeHome | undefined
  /** Gives every worker, also those to come, what bytes cannot carry: snapshots, which structured clone is known to accept. */
  abstract give(values: unknown): number
  /** The same of one shared object, for as long as somebody on this thread has it. */
  abstract giveShared(value: object): number
  /** Keeps freight until a worker asks for it, and gives its number; a worker that calls has nobody to keep it. */
  abstract readonly keepFreight: ((freight: Freight) => number) | undefined
  /** Makes a call in each worker; resolves with the answers. `held` is to be kept for as long as later workers may make it. */
  abstract broadcast(call: AddressedCall, options: BroadcastRequest): Promise<readonly WorkerAnswer[]>
  /** Whether what this thread shares lives as long as calls that later workers are to make. */
  abstract readonly keepsShares: boolean
  /** Nobody will ask for these parcels again. */
  abstract drop(ids: readonly number[]): void
  /** Runnable work was handed over: start workers if there are too few. */
  abstract submitted(): void
  /**
   * Takes what the worker in `slot` has posted so far: its results are posted before their records are written. Where all of it is here then,
   * says why some could not be received; `undefined` where they may still be on their way.
   */
  abstract collect(slot: number): { readonly trouble: unknown } | undefined
  /** The frame of the item that is calling, in a worker. */
  abstract parent(): number | undefined
  /** The job of that item; 0 where no item is calling. */
  abstract parentJob(): number
  /** The first and the last open job of this thread: something must keep its event loop alive meanwhile. */
  abstract keepAlive(on: boolean): void

  /** The pool's number. */
  readonly pool: number
  readonly client: NativeClient
  /** What this thread has shared with the pool. */
  readonly shares: GivenShares = new GivenShares(this)
  readonly queue: QueueRules
  readonly #waiting = new WaitingRoom()
  readonly results: ResultParcels = new ResultParcels()
  /** What looks, besides, when the doorbell has rung: native work may have something to tell. */
  lookAlso: (() => void) | undefined
  /** Blocks that elements of its arrays pass through; made with the first. */
  #staging: Staging | undefined
  readonly #receivers = new Map<number, Receiver>()
  readonly #awaited = new Set<Awaited>()
  #buffer: Buffer = Buffer.allocUnsafeSlow(64 * 1024)
  /** The same memory as words: every header in it begins at a multiple of 8. */
  #words: Uint32Array = new Uint32Array(this.#buffer.buffer)
  #cells: Float64Array = new Float64Array(this.#buffer.buffer)
  /** Counts jobs released: what a loop over records knows of its receiver may be out of date. */
  #released = 0
  #at = 0
  #end = 0
  #scheduled = false
  /** Records since somebody looked at the clock, in whichever blocks: claims of costly items have few each. */
  #sinceLook = 0
  /** The inbox may have something that was not fetched. */
  #more = true

  constructor(pool: number, seat: CallerSeat | undefined, queue: QueueRules) {
    this.pool = pool
    this.client = new addon.Client(pool, seat)
    this.queue = queue
  }

  /**
   * Makes a native submit and wakes whom it names. Where the queue is full and calls are to wait, `keep` makes a submit that owns its bytes, which
   * is made again when room may have come.
   *
   * @throws what the submit throws, otherwise: also when so much can never find room
   */
  handOver(calls: number, bytes: number, submit: () => number, keep: () => () => number): void {
    const { whenFull, maxQueue } = this.queue
    const mayWait = whenFull === 'wait' && calls <= maxQueue.calls && bytes <= maxQueue.bytes
    try {
      if (!mayWait || this.#waiting.isEmpty) return this.submit(submit())
    } catch (error) {
      if (!mayWait || !isFull(error)) throw error
    }
    this.#waiting.add(keep())
  }

  /** Room may have come: whoever claims makes some. */
  retryRefused(): void {
    if (!this.#waiting.isEmpty) this.#waiting.retry((packed) => this.submit(packed))
  }

  get staging(): Staging {
    return (this.#staging ??= new Staging(this))
  }

  /** Jobs that somebody waits for. */
  get openJobs(): number {
    return this.#awaited.size
  }

  /** Somebody waits for the job of `receiver`. */
  resume(receiver: Awaited): void {
    if (this.#awaited.size === 0) this.keepAlive(true)
    this.#awaited.add(receiver)
  }

  /** Nobody does any more. */
  rest(receiver: Awaited): void {
    if (this.#awaited.delete(receiver) && this.#awaited.size === 0) this.keepAlive(false)
  }

  /** `frame` is that of the item which calls. */
  open(
    options: JobOptions,
    meter: FunctionMeter,
    tally: NativeTally,
    receiver: Receiver,
    frame: number | undefined,
  ): NativeJob {
    const job = answered(this.client.open(options, meter, tally, frame))
    this.#receivers.set(job.id, receiver)
    this.resume(receiver)
    return job
  }

  /** The job has settled: completions that are still on their way are dropped. */
  release(job: NativeJob): void {
    job.release()
    this.#released++
    const receiver = this.#receivers.get(job.id)
    if (receiver === undefined) return
    this.#receivers.delete(job.id)
    this.results.forget(job.id)
    this.rest(receiver)
  }

  /** Why nothing can run here now, if nothing can. */
  abstract refusal(): Error | undefined

  /** After a native call that queued work: wakes whom it named, and starts workers if too few are there. */
  submit(packed: number): void {
    this.rings.pull(answered(packed))
    this.submitted()
  }

  /** No open job can go on. */
  failAll(reason: unknown): void {
    for (const receiver of [...this.#awaited]) receiver.fail(reason)
  }

  /** Every open job ends, as cancelled. */
  cancelAll(reason: unknown): void {
    for (const receiver of [...this.#awaited]) receiver.cancel(reason)
  }

  /** Fetches completions and settles what they settle, a slice at a time. */
  deliver = (): void => {
    const until = performance.now() + SLICE_MS
    do {
      while (this.#at < this.#end) if (!this.#block(until)) return this.#continueLater()
    } while (this.#fetch())
  }

  #continueLater(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.deliver()
    })
  }

  /** Whether there is more to hand on. What comes after the last fetch that found all rings again. */
  #fetch(): boolean {
    if (!this.#more) {
      this.#more = true
      return false
    }
    let answer = answered(this.client.drain(this.#buffer))
    if (answer < 0) {
      this.#grow(-answer)
      answer = this.client.drain(this.#buffer)
    }
    // Lengths are multiples of 8; the lowest bit says that there is more than fitted.
    this.#more = (answer & 1) !== 0
    this.#at = 0
    this.#end = answer & ~1
    return true
  }

  #grow(bytes: number): void {
    this.#buffer = Buffer.allocUnsafeSlow(bytes)
    this.#words = new Uint32Array(this.#buffer.buffer, 0, bytes >>> 2)
    this.#cells = new Float64Array(this.#buffer.buffer, 0, bytes >>> 3)
  }

  /** Hands on one block; `false` when the slice is over, maybe before its end (the cursor then stands inside it). */
  #block(until: number): boolean {
    const buffer = this.#buffer
    const head = this.#at
    const words = this.#words
    const word = head >>> 2
    const job = this.#cells[head >>> 3] as number
    const claim = words[word + 2] as number
    const slot = words[word + 3] as number
    const size = words[word + 4] as number
    const done = words[word + 5] as number
    const end = head + BLOCK_HEAD + (size & ~1)
    let at = head + BLOCK_HEAD + done
    let late = false
    let receiver = this.#receivers.get(job)
    let released = this.#released
    while (at < end) {
      if (released !== this.#released) {
        released = this.#released
        receiver = this.#receivers.get(job)
      }
      if (receiver === undefined) break
      const length = words[at >>> 2] as number
      const kind = buffer[at + 6] as number
      const index = words[(at >>> 2) + 2] as number
      const start = at + RECORD_HEAD
      at = start + ((length + 7) & ~7)
      try {
        // Every encoded value has a byte at least: a record without any says that its payload was posted.
        if (kind === ROW) receiver.row(index, this.#cells, start >>> 3, length >>> 3)
        else if (length === 0) this.#byParcel(receiver, kind, job, index, slot)
        else receiver.record(kind, index, claim, slot, buffer, start, start + length)
      } catch (error) {
        // A fault of ours: it ends the job whose record it met, and no other.
        receiver.fail(error)
      }
      // A span may stand for tens of thousands of results.
      this.#sinceLook += kind === SPAN ? RECORDS_A_LOOK : 1 + length / BYTES_A_RECORD
      if (this.#sinceLook < RECORDS_A_LOOK) continue
      this.#sinceLook = 0
      late = performance.now() > until
      if (late && at < end) {
        words[word + 5] = at - head - BLOCK_HEAD
        return false
      }
    }
    // Sizes are multiples of 8; the lowest bit says that the claim has ended.
    if ((size & 1) !== 0) this.#receivers.get(job)?.endOfClaim(claim)
    this.#at = end
    return !late
  }

  #byParcel(receiver: Receiver, kind: number, job: number, index: number, slot: number): void {
    const collected = this.collect(slot)
    if (collected !== undefined && !this.results.has(job, index)) receiver.unread(index, slot, collected.trouble)
    else this.results.take(job, index, (value, bytes) => receiver.parcel(kind, index, slot, value, bytes))
  }
}
