/**
 * The calls of one function in one pool that need nothing special: where they gather to travel together.
 *
 * All convoys of a line belong to one job of the scheduler, which stays open as long as the line: opening one for each lone call would cost as
 * much as the rest of the call. A call's number is its item's index in that job. Calls that tasks make have one such job for each job whose item
 * calls: a function that calls itself would otherwise wait for the share of its job's concurrency that it holds itself.
 */
import { threadId } from 'node:worker_threads'
import type { FunctionMeter, NativeJob, NativeTally } from '../binding.ts'
import { Encoder } from '../codec/encoder.ts'
import type { Job } from '../job.ts'
import type { CallFinder } from '../ledger/job-book.ts'
import { ResultDecoder } from '../lanes/result-decoder.ts'
import { DEFINITIONS } from '../pool/hub.ts'
import type { Hub, Receiver } from '../pool/hub.ts'
import type { Shipment } from '../shipping/ship.ts'
import { SharesUsed } from '../share/given.ts'
import { isBuiltIn } from '../pool/recipe.ts'
import type { FunctionSource, Recipe } from '../pool/recipe.ts'
import type { Call } from './call.ts'
import { answered } from '../thread-end.ts'
import { Convoy } from './convoy.ts'

const PLAIN = {
  priority: 1,
  concurrency: 0,
  chunk: 0,
  timeout: 0,
  grace: 100,
  keepFailed: false,
  waits: true,
  elements: false,
  patient: false,
}
/** Indexes are 32 bits wide: a line that has come this far goes on with a new job. */
const LAST = 0xfff0_0000

let lines = 0

export class Line implements Receiver, CallFinder {
  readonly hub: Hub
  readonly name: string
  /** The function, where it was sent because it is a plain one that is not async. */
  readonly shipped: Shipment | undefined
  /** What comes before the number in a call's id. */
  readonly prefix: string
  readonly tally: NativeTally
  /** Of all convoys: a dictionary comes for a claim, and does not say which convoy the claim was of. */
  readonly results: ResultDecoder = new ResultDecoder()
  readonly #meter: FunctionMeter
  readonly #recipe: number
  /** Those whose calls have not all settled, in order of their first number. */
  readonly #underway: Convoy[] = []
  /** By the job whose item calls. */
  readonly #jobs = new Map<number, NativeJob>()
  /** The last that was idle stays open. */
  #idle: number | undefined
  #open: Convoy | undefined
  #encoder: Encoder | undefined
  #calls = 0

  constructor(hub: Hub, source: FunctionSource, name: string, meter: FunctionMeter) {
    this.hub = hub
    this.name = name
    this.prefix = `${threadId === 0 ? '' : `${threadId}.`}c${++lines}.`
    this.tally = hub.ledger.tally(name).native
    this.shipped = source.kind === 'module' ? undefined : source
    this.#meter = meter
    hub.ledger.book.addLine(this.prefix, this)
    const recipe: Recipe = {
      fn: source,
      name,
      id: this.prefix,
      calls: true,
      base: 0,
      shape: isBuiltIn(source) ? 'bare' : 'arguments',
      extras: 0,
      delay: 0,
      drops: false,
    }
    this.#recipe = answered(hub.client.addRecipe(JSON.stringify(recipe)))
  }

  /** `entry` is the function in whose caller the stack begins. */
  call(args: readonly unknown[], entry: (...args: never[]) => unknown): Job<unknown, unknown> {
    let convoy = this.#open
    if (convoy === undefined && this.#underway.length === 0) return this.#alone(args, entry)
    if (convoy === undefined || convoy.isFull || convoy.parent !== this.hub.parentJob()) {
      convoy?.depart()
      this.#open = convoy = this.#newConvoy()
      this.hub.resume(this)
      convoy.calledFrom(entry)
      queueMicrotask(convoy.depart)
    }
    this.#calls++
    return convoy.add(args)
  }

  /** Nothing of this function is underway: the call leaves at once, and what can wait is done while a worker runs it. */
  #alone(args: readonly unknown[], entry: (...args: never[]) => unknown): Job<unknown, unknown> {
    const convoy = this.#newConvoy()
    this.#calls++
    const job = convoy.add(args)
    convoy.depart()
    convoy.calledFrom(entry)
    return job
  }

  #newConvoy(): Convoy {
    const encoder =
      this.#encoder ?? new Encoder({ shares: new SharesUsed(this.hub.shares), freight: this.hub.keepFreight })
    this.#encoder = undefined
    return new Convoy(this, encoder, this.#calls)
  }

  /** The scheduler's job, for a convoy that is about to depart. Somebody else's call may be what makes it depart. */
  job({ parent, frame }: Convoy): NativeJob {
    if (this.#idle === parent) this.#idle = undefined
    let job = this.#jobs.get(parent)
    if (job === undefined)
      this.#jobs.set(
        parent,
        (job = this.hub.open({ ...PLAIN, recipe: this.#recipe }, this.#meter, this.tally, this, frame)),
      )
    return job
  }

  /** A convoy leaves; its encoder can serve the next. `aboard` tells whether anybody is to come back. */
  departed(convoy: Convoy, encoder: Encoder, aboard: boolean): void {
    if (this.#open === convoy) this.#open = undefined
    this.#encoder = encoder
    if (aboard) {
      this.hub.resume(this)
      this.#underway.push(convoy)
    } else this.#lookWhetherIdle()
  }

  /** The last call of a convoy has settled. */
  arrived(convoy: Convoy): void {
    const at = this.#underway.indexOf(convoy)
    if (at === -1) return
    this.#underway.splice(at, 1)
    if (!this.#underway.some((other) => other.parent === convoy.parent)) this.#rested(convoy.parent)
    this.#lookWhetherIdle()
  }

  /** Whether anybody waits here, aboard or before the departure. */
  #lookWhetherIdle(): void {
    if (this.#underway.length > 0 || this.#open !== undefined) return this.hub.resume(this)
    this.hub.rest(this)
    // A call that was cancelled while it ran ends its claim later, perhaps when the job of that claim is closed.
    this.results.forgetAll()
    if (this.#calls > LAST) this.#renew()
  }

  /** Nothing of the job of `parent` is underway. */
  #rested(parent: number): void {
    const before = this.#idle
    this.#idle = parent
    if (before !== undefined && before !== parent) this.#release(before)
  }

  #renew(): void {
    for (const parent of this.#jobs.keys()) this.#release(parent)
    this.#idle = undefined
    this.#calls = 0
  }

  #release(parent: number): void {
    const job = this.#jobs.get(parent)
    this.#jobs.delete(parent)
    if (job !== undefined) this.hub.release(job)
  }

  record(kind: number, index: number, claim: number, slot: number, buffer: Buffer, start: number, end: number): void {
    if (kind === DEFINITIONS) this.results.define(claim, buffer, start, end)
    else this.#of(index)?.record(kind, index, claim, slot, buffer, start, end)
  }

  row(index: number, cells: Float64Array, from: number, count: number): void {
    for (let i = 0; i < count; i++) this.#of(index + i)?.value(index + i, cells[from + i])
  }

  parcel(kind: number, index: number, slot: number, value: unknown): void {
    this.#of(index)?.parcel(kind, index, slot, value)
  }

  unread(index: number, slot: number, cause: unknown): void {
    this.#of(index)?.unread(index, slot, cause)
  }

  endOfClaim(claim: number): void {
    this.results.forget(claim)
  }

  fail(reason: unknown): void {
    for (const convoy of this.#all()) convoy.fail(reason)
  }

  cancel(reason: unknown): void {
    for (const convoy of this.#all()) convoy.cancelAll(reason)
  }

  *openCalls(): Iterable<Call> {
    for (const convoy of this.#all()) yield* convoy.openCalls()
  }

  /** Also the one that has not departed yet. */
  #all(): Convoy[] {
    return this.#open === undefined ? [...this.#underway] : [...this.#underway, this.#open]
  }

  openCall(number: number): Call | undefined {
    return this.#of(number)?.openCall(number) ?? this.#open?.openCall(number)
  }

  /** Few are underway at a time, and mostly the first is meant. */
  #of(index: number): Convoy | undefined {
    for (const convoy of this.#underway) if (convoy.carries(index)) return convoy
    return undefined
  }
}
