/** What a calling thread has of a pool, whether it is the pool's home or one of its workers: open jobs, fetch completions, give parcels. */
import { addon } from '../binding.ts'
import type { FunctionMeter, NativeClient, NativeJob } from '../binding.ts'
import type { PoolSettings } from '../options/settings.ts'
import { ResultParcels } from './result-parcels.ts'
import type { Rings } from './memory.ts'

/** Record kinds, as `crates/core` writes them. */
export const VALUE = 0
export const ERROR = 1
export const DEFINITIONS = 2
export const FATE = 3

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
  /** A payload that bytes could not carry. */
  parcel(kind: number, index: number, slot: number, value: unknown): void
}

/** How much may wait, and what a call does that finds no room. */
export type QueueRules = Pick<PoolSettings, 'maxQueue' | 'whenFull'>

const BLOCK_HEAD = 24
const RECORD_HEAD = 16
/** The calling thread is never held longer than this at a time; measured every few records. */
const SLICE_MS = 8

export abstract class Hub {
  abstract readonly rings: Rings
  /** Gives every worker, also those to come, what bytes cannot carry: snapshots, which structured clone is known to accept. */
  abstract give(values: unknown): number
  /** Nobody will ask for these parcels again. */
  abstract drop(ids: readonly number[]): void
  /** Runnable work was handed over: start workers if there are too few. */
  abstract submitted(): void
  /** Takes what the worker in `slot` has posted so far. */
  abstract collect(slot: number): void
  /** The frame of the item that is calling, in a worker. */
  abstract parent(): number | undefined
  /** The job of that item; 0 where no item is calling. */
  abstract parentJob(): number
  /** The first and the last open job of this thread: something must keep its event loop alive meanwhile. */
  abstract keepAlive(on: boolean): void

  /** The pool's number. */
  readonly pool: number
  readonly client: NativeClient
  readonly queue: QueueRules
  readonly #refused: Array<() => number> = []
  readonly results: ResultParcels = new ResultParcels()
  readonly #receivers = new Map<number, Receiver>()
  readonly #awaited = new Set<Awaited>()
  #buffer: Buffer = Buffer.allocUnsafeSlow(64 * 1024)
  #at = 0
  #end = 0
  #scheduled = false
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
      if (!mayWait || this.#refused.length === 0) return this.submit(submit())
    } catch (error) {
      if (!mayWait || !isFull(error)) throw error
    }
    this.#refused.push(keep())
  }

  /** Room may have come: whoever claims makes some. In the order of the calls. */
  retryRefused(): void {
    try {
      for (let first = this.#refused[0]; first !== undefined; first = this.#refused[0]) {
        this.submit(first())
        this.#refused.shift()
      }
    } catch (error) {
      // Any other failure means that the pool has closed, and those who wait have been told.
      if (!isFull(error)) this.#refused.length = 0
    }
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

  open(options: JobOptions, meter: FunctionMeter, receiver: Receiver): NativeJob {
    const job = this.client.open(options, meter, this.parent())
    this.#receivers.set(job.id, receiver)
    this.resume(receiver)
    return job
  }

  /** The job has settled: completions that are still on their way are dropped. */
  release(job: NativeJob): void {
    job.release()
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
    this.rings.pull(packed)
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
    let answer = this.client.drain(this.#buffer)
    if (answer < 0) {
      this.#buffer = Buffer.allocUnsafeSlow(-answer)
      answer = this.client.drain(this.#buffer)
    }
    // Lengths are multiples of 8; the lowest bit says that there is more than fitted.
    this.#more = (answer & 1) !== 0
    this.#at = 0
    this.#end = answer & ~1
    return true
  }

  /** Hands on one block; `false` when the slice is over before its end (the cursor then stands inside it). */
  #block(until: number): boolean {
    const buffer = this.#buffer
    const head = this.#at
    const job = buffer.readDoubleLE(head)
    const claim = buffer.readUInt32LE(head + 8)
    const slot = buffer.readUInt32LE(head + 12)
    const done = buffer.readUInt32LE(head + 20)
    const end = head + BLOCK_HEAD + buffer.readUInt32LE(head + 16)
    let at = head + BLOCK_HEAD + done
    let sinceLook = 0
    while (at < end) {
      const length = buffer.readUInt32LE(at)
      const receiver = this.#receivers.get(job)
      if (receiver === undefined) break
      const kind = buffer[at + 5] as number
      const index = buffer.readUInt32LE(at + 8)
      const start = at + RECORD_HEAD
      at = start + ((length + 7) & ~7)
      // Every encoded value has a byte at least: a record without any says that its payload was posted.
      if (length === 0) {
        this.#byParcel(receiver, kind, job, index, slot)
      } else {
        receiver.record(kind, index, claim, slot, buffer, start, start + length)
      }
      if (++sinceLook === 32) {
        sinceLook = 0
        if (at < end && performance.now() > until) {
          buffer.writeUInt32LE(at - head - BLOCK_HEAD, head + 20)
          return false
        }
      }
    }
    this.#at = end
    return true
  }

  #byParcel(receiver: Receiver, kind: number, job: number, index: number, slot: number): void {
    this.collect(slot)
    this.results.take(job, index, (value) => receiver.parcel(kind, index, slot, value))
  }
}

function isFull(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ERR_QUEUE_FULL'
}
