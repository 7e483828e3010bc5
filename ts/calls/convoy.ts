/**
 * Small calls of one tick, travelling together: one job, one segment, one wake-up, however many there are.
 *
 * A convoy fills while the calling code runs, departs in a microtask (the first call of a function that has none underway departs at once, alone),
 * and settles each call by itself. Arguments are encoded when the call is
 * made, so they are what they were then, and what cannot be sent is refused before anything is queued.
 */
import type { Encoder } from '../codec/encoder.ts'
import { attachTaskInfo, QueueFullError } from '../errors.ts'
import type { NativeJob } from '../binding.ts'
import { captureCallSite } from '../call-site.ts'
import type { CallSite } from '../call-site.ts'
import { startJob } from '../job.ts'
import type { Job, JobTiming } from '../job.ts'
import { failureOf, fateError, hintAsync, refused, unreadableResult } from '../lanes/outcome.ts'
import { ERROR, VALUE } from '../pool/hub.ts'
import { itemFailed } from '../events/jobs.ts'
import type { Ledger } from '../ledger/ledger.ts'
import { Call } from './call.ts'
import type { Line } from './line.ts'
import { FRACTIONAL_ZERO } from '../hidden-class.ts'

const nothing = { total: 0, completed: 0, failed: 0, cancelled: 0, timedOut: 0, retried: 0 }
/** Calls of a convoy at most; the next one opens another. */
const MOST = 4096
/** And bytes: one call may come behind them that is as large as calls may be. */
const MOST_BYTES = 2 ** 26

export class Convoy {
  readonly #line: Line
  /** The job whose item makes these calls; 0 where none does. */
  readonly parent: number
  /** Where that item runs. */
  readonly frame: number | undefined
  #job: NativeJob | undefined
  readonly #encoder: Encoder
  #calls: Call[] = []
  /** Number of the first call; the others follow. */
  readonly #first: number
  #site: CallSite | undefined
  readonly #createdAt: number = performance.now()
  #offsets: Uint32Array = new Uint32Array(4)
  #sent = false
  #parcels = 0
  /** Numbers of what its calls bring besides. */
  #freight: readonly number[] = []
  /** What is shared in the arguments: held until the last call has settled. */
  shares: ReadonlySet<object> | undefined
  #left = 0
  /** Calls whose arguments cannot be sent. */
  #unsendable: Set<Call> | undefined
  #departedAt = FRACTIONAL_ZERO

  constructor(line: Line, encoder: Encoder, first: number) {
    this.#line = line
    this.parent = line.hub.parentJob()
    this.frame = line.hub.parent()
    this.#encoder = encoder
    this.#first = first
    encoder.reset()
  }

  /** Remembers where the first call was made, for the errors of all: capturing costs as much as several calls. */
  calledFrom(entry: (...args: never[]) => unknown): void {
    this.#site = captureCallSite(entry)
  }

  get name(): string {
    return this.#line.name
  }

  get ledger(): Ledger {
    return this.#line.hub.ledger
  }

  get isFull(): boolean {
    return this.#calls.length >= MOST || this.#encoder.length + this.#encoder.beside >= MOST_BYTES
  }

  get hasStarted(): boolean {
    return this.#sent && this.#job!.started()
  }

  get now(): number {
    return performance.now()
  }

  idOf(place: number): string {
    return this.#line.prefix + (this.#first + place)
  }

  timing(settledAt: number | undefined): JobTiming {
    const end = settledAt ?? this.now
    const started = settledAt !== undefined || this.hasStarted
    const queuedMs = (started ? this.#departedAt : end) - this.#createdAt
    return {
      createdAt: performance.timeOrigin + this.#createdAt,
      queuedMs,
      ranMs: started ? end - this.#departedAt : 0,
    }
  }

  add(args: readonly unknown[]): Job<unknown, unknown> {
    const call = new Call(this, this.#calls.length)
    const { job, resolve, reject } = startJob<unknown, unknown>(call)
    call.job = job
    call.resolve = resolve
    call.reject = reject
    this.#calls.push(call)
    this.#left++
    this.ledger.callOpened(call)
    const failure = this.#encode(args)
    if (failure !== undefined) {
      ;(this.#unsendable ??= new Set()).add(call)
      this.#settled(call.failed(failure))
    }
    return job
  }

  /** The call's bytes; one that cannot be sent travels as an empty argument list that nobody waits for, and is struck out before it departs. */
  #encode(args: readonly unknown[]): unknown {
    const encoder = this.#encoder
    let failure: unknown
    try {
      encoder.item(args, 'arguments')
    } catch (error) {
      failure = error
    }
    const count = this.#calls.length
    if (count === this.#offsets.length) {
      const grown = new Uint32Array(count * 2)
      grown.set(this.#offsets)
      this.#offsets = grown
    }
    this.#offsets[count] = encoder.length
    return failure
  }

  /** Leaves for the pool, with whoever is aboard. */
  readonly depart = (): void => {
    if (this.#departedAt !== 0) return
    this.#departedAt = this.now
    this.shares = this.#encoder.takeShares()
    this.#freight = this.#encoder.takeFreight()
    this.#line.departed(this, this.#encoder, this.#left > 0)
    if (this.#left > 0) return this.#submit()
    const { length } = this.#calls
    const failed = this.#unsendable?.size ?? 0
    this.#line.tally.add({ ...nothing, total: length, failed, cancelled: length - failed })
    this.#calls = []
    this.#dropGoods()
  }

  #submit(): void {
    const { hub } = this.#line
    const refusal = hub.refusal()
    if (refusal !== undefined) return this.fail(refusal)
    try {
      const job = (this.#job = this.#line.job(this))
      if (this.#encoder.parcels.length > 0) this.#parcels = hub.give(this.#encoder.takeParcels())
      this.#sent = true
      this.#send(job, 0, this.#calls.length, this.#encoder.takeDefinitions())
    } catch (error) {
      this.fail(refused(error, `'${this.name}'`))
    }
  }

  /** Where not all calls find room in the queue, as many of the first as do. */
  #send(job: NativeJob, from: number, to: number, definitions: Uint8Array | null): void {
    const { hub } = this.#line
    const base = this.#offsets[from] as number
    const offsets = from === 0 ? this.#offsets : this.#offsets.subarray(from, to + 1).map((offset) => offset - base)
    const bytes = this.#encoder.buffer.subarray(base, this.#offsets[to])
    const beside = (this.#encoder.beside * (to - from)) / this.#calls.length
    const submit = (items: Buffer): number =>
      job.submit(
        items,
        new Uint8Array(offsets.buffer, 0, (to - from + 1) * 4),
        definitions,
        this.#first + from,
        this.#parcels,
        beside,
      )
    const calls = this.#calls
    const submitted = (rings: number): number => {
      this.#strike(job, calls, from, to)
      return rings
    }
    const keep = (): (() => number) => {
      const kept = Buffer.from(bytes)
      return () => submitted(submit(kept))
    }
    try {
      hub.handOver(to - from, bytes.length + beside, () => submitted(submit(bytes)), keep)
    } catch (error) {
      const why = refused(error, `'${this.name}'`)
      if (to - from === 1 || !(why instanceof QueueFullError)) {
        this.#line.tally.add({ ...nothing, total: to - from, failed: to - from })
        for (const call of calls.slice(from, to)) this.#settled(call.failed(why))
        return
      }
      const middle = (from + to) >>> 1
      this.#send(job, from, middle, definitions)
      this.#send(job, middle, to, definitions)
    }
  }

  /** Of what has just been queued, takes out those that have ended: cancelled before, or refused because their arguments cannot be sent. */
  #strike(job: NativeJob, calls: readonly Call[], from: number, to: number): void {
    if (this.#left === calls.length) return
    let unsendable = 0
    for (let place = from; place < to; place++) {
      const call = calls[place] as Call
      if (!call.isOver) continue
      job.cancelItem(this.#first + place)
      if (this.#unsendable?.has(call)) unsendable++
    }
    if (unsendable > 0) this.#line.tally.refuse(unsendable)
  }

  cancel(call: Call, reason: unknown): void {
    this.#end(call, reason, 'cancelled')
  }

  #end(call: Call, reason: unknown, how: 'failed' | 'cancelled'): void {
    if (!call.failed(reason, how)) return
    if (this.#sent) this.#job!.cancelItem(this.#first + call.place)
    this.#settled(true)
  }

  /** No call of it can go on. */
  fail(reason: unknown): void {
    for (const call of this.#calls) this.#end(call, reason, 'failed')
  }

  /** Its pool is closed. */
  cancelAll(reason: unknown): void {
    for (const call of this.#calls) call.job?.cancel(reason)
  }

  record(kind: number, index: number, claim: number, slot: number, buffer: Buffer, start: number, end: number): void {
    const { results } = this.#line
    if (kind === VALUE) {
      let value: unknown
      try {
        value = results.item(claim, buffer, start, end)
      } catch (cause) {
        return this.unread(index, slot, cause)
      }
      this.value(index, value)
    } else if (kind === ERROR) this.#failed(index, slot, () => results.item(claim, buffer, start, end))
    else this.#ended(index, fateError(buffer.subarray(start, end), `'${this.name}'`, 0), slot, 0)
  }

  parcel(kind: number, index: number, slot: number, value: unknown): void {
    if (kind === VALUE) this.value(index, value)
    else this.#failed(index, slot, () => value)
  }

  value(index: number, value: unknown): void {
    this.#settled(this.#callAt(index).done(value))
  }

  unread(index: number, slot: number, cause: unknown): void {
    this.#ended(index, unreadableResult(`'${this.name}'`, cause), slot, 0)
  }

  #callAt(index: number): Call {
    return this.#calls[index - this.#first] as Call
  }

  #failed(index: number, slot: number, read: () => unknown): void {
    const { error, ranMs, promised } = failureOf(read, `'${this.name}'`, this.#site?.stack)
    const { shipped } = this.#line
    if (promised && shipped !== undefined) hintAsync(shipped, this.name, error)
    this.#ended(index, error, slot, ranMs)
  }

  #ended(index: number, error: unknown, worker: number, ranMs: number): void {
    const call = this.#callAt(index)
    const queuedMs = Math.max(0, this.now - this.#departedAt - ranMs)
    const { id, name, metadata } = call
    const info = { id, name, index: 0, attempt: 1, queuedMs, ranMs, worker, metadata }
    attachTaskInfo(error, info)
    itemFailed(error, info)
    this.#settled(call.failed(error))
  }

  #settled(first: boolean): void {
    if (!first || --this.#left > 0) return
    this.shares = undefined
    this.#dropGoods()
    this.#line.arrived(this)
    // Who still holds one of its calls shall not hold them all. One that has not departed may be joined by more.
    if (this.#departedAt !== 0) this.#calls = []
  }

  #dropGoods(): void {
    const { hub } = this.#line
    if (this.#parcels !== 0) hub.drop([this.#parcels])
    if (this.#freight.length > 0) hub.drop(this.#freight)
  }

  openCalls(): Call[] {
    return this.#calls.filter((call) => !call.isOver)
  }

  openCall(number: number): Call | undefined {
    const call = this.#calls[number - this.#first]
    return call?.isOver === false ? call : undefined
  }

  carries(index: number): boolean {
    return index >= this.#first && index < this.#first + this.#calls.length
  }
}
