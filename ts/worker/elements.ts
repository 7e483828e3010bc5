/**
 * The elements of one claim: read where they stand, several announced at a time, their results written beside.
 *
 * Mirrors crates/core/README.md, "Elements". The loop over them is compiled once for each function, so that the engine can compile the two as one.
 */
import { compileFunction } from 'node:vm'

import { TaskContext } from '../context.ts'
import { kindNamed, typeOf } from '../elements/kinds.ts'
import type { Kind, Numbers } from '../elements/kinds.ts'
import { readPlace } from '../elements/place.ts'
import type { ElementMemory } from '../elements/place.ts'
import { COMMITTED } from './panel.ts'
import type { Claim } from './claim.ts'
import type { Desk } from './desk.ts'
import type { AnyFunction, Prepared } from './functions.ts'

/** Elements announced together take about so long: long beside what it costs to announce them, short beside how long a cancel may take. */
const SHORT_MS = 0.01
const LONG_MS = 0.04
const MOST_ANNOUNCED = 4096
/** Results are told of so often, though all that is told after them waits for them. */
const TELL_MS = 1

/** An element that gave no number, or threw. */
export type Odd = { readonly threw: boolean; readonly value: unknown }

interface Found {
  odd: Odd | undefined
}

type Loop = (
  input: Numbers,
  output: Numbers,
  states: Uint8Array,
  asks: Uint8Array,
  cell: { item: number },
  found: Found,
  first: number,
  task: TaskContext,
  from: number,
  end: number,
) => number

/** What is known of a function over elements of one kind. */
interface Pace {
  readonly loop: Loop
  /** How many are announced at a time. */
  length: number
}

/** An element's ask byte, for this worker alone: the context that the one before had may be used up. No ask of the core's is ever overwritten by it. */
const FRESH = 3

// Each state byte is written when the function has not been called, or has come back, so whatever ends this thread, they tell how far it came. An
// element costs 2.5 ns beside the function, a bare loop 1.3. That rests on there being no way through the loop but straight: with the case of an ask
// handled inside it were 3.5, and looking into the context as well 4.7.
const loopOf = (type: string): string => `'use strict'
return function (input, output, states, asks, cell, found, first, task, from, end) {
  for (let i = from; i < end; i++) {
    if (asks[i] !== 0) return i
    states[i] = 1
    cell.item = i
    const value = fn(input[i], first + i, task)
    if (typeof value !== '${type}') {
      found.odd = { threw: false, value }
      return i + 1
    }
    output[i] = value
    states[i] = 2
  }
  return end
}`

// Its frame in stacks is one of ours: see ts/codec/stack.ts.
const paces = new WeakMap<AnyFunction, Map<string, Pace>>()

function paceOf(fn: AnyFunction, kind: Kind): Pace {
  let known = paces.get(fn)
  if (known === undefined) paces.set(fn, (known = new Map()))
  let pace = known.get(kind.name)
  if (pace === undefined) {
    const make = compileFunction(loopOf(typeOf(kind)), ['fn'], { filename: __filename })
    known.set(kind.name, (pace = { loop: make(fn) as Loop, length: 1 }))
  }
  return pace
}

export class Elements {
  /** Whether results are written beside the elements; otherwise they are sent, one by one. */
  readonly direct: boolean
  readonly #desk: Desk
  readonly #claim: Claim
  readonly #first: number
  readonly #input: Numbers
  readonly #output: Numbers
  readonly #states: Uint8Array
  readonly #asks: Uint8Array
  readonly #pace: Pace
  readonly #found: Found = { odd: undefined }
  /** Elements below `#done` have ended, those below `#told` have been told of. */
  #done = 0
  #told = 0
  #toldAt: number
  /** When the last run began. */
  began = 0

  constructor(desk: Desk, claim: Claim, prepared: Prepared, [input, output]: ElementMemory) {
    const { kind: name, direct } = prepared.elements as NonNullable<Prepared['elements']>
    const kind = kindNamed(name)
    const place = readPlace(claim.definitions())
    const offset = (claim.first - place.first) * kind.BYTES_PER_ELEMENT
    const bytes = desk.panel.bytesOf(claim.frame)
    this.direct = direct && claim.width === 1
    this.#desk = desk
    this.#claim = claim
    this.#first = prepared.base + claim.first
    this.#input = new kind(input, place.input + offset, claim.items)
    this.#output = new kind(output, place.output + offset, claim.items)
    this.#states = desk.panel.states.subarray(bytes, bytes + claim.items)
    this.#asks = desk.panel.asks.subarray(bytes, bytes + claim.items)
    this.#pace = paceOf(prepared.fn, kind)
    this.#toldAt = performance.now()
  }

  /** Somebody has looked into the context of the item that runs: before the next one it is seen whether that can have the same. */
  touched(item: number): void {
    if (item + 1 < this.#claim.items) Atomics.compareExchange(this.#asks, item + 1, 0, FRESH)
  }

  read(item: number): unknown {
    return this.#input[item]
  }

  /** Says that elements from `from` on, none from `end` on, may be begun. Gives the end of those that are still this worker's. */
  announce(from: number, end: number): number {
    const { words } = this.#desk.panel
    const { frame } = this.#claim
    const limit = this.#desk.panel.limitOf(frame)
    const wanted = Math.min(from + this.#pace.length, end)
    Atomics.store(words, this.#desk.panel.startedOf(frame), wanted)
    if (wanted <= Atomics.load(words, limit) || this.#desk.owns(this.#claim, wanted - 1)) return wanted
    // The core has taken the announcement back as far as it is not ours: what is left is.
    return Math.max(from, Atomics.load(words, limit))
  }

  /** Elements from `from` on have been announced and will wait: others may have them. */
  withdraw(from: number): void {
    this.#pace.length = 1
    Atomics.store(this.#desk.panel.words, this.#desk.panel.startedOf(this.#claim.frame), from)
  }

  /** Runs announced elements. Gives where it stands then: if `odd` is set, that is right behind the odd one. */
  run(cell: { item: number }, task: TaskContext, from: number, end: number): number {
    this.began = performance.now()
    const found = this.#found
    found.odd = undefined
    let next: number
    try {
      next = this.#pace.loop(
        this.#input,
        this.#output,
        this.#states,
        this.#asks,
        cell,
        found,
        this.#first,
        task,
        from,
        end,
      )
    } catch (error) {
      found.odd = { threw: true, value: error }
      next = cell.item + 1
    }
    if (found.odd === undefined && next < end) next = this.#asked(next)
    const now = performance.now()
    this.#adapt(now - this.began, next === end && next - from === this.#pace.length)
    this.#done = found.odd === undefined ? next : next - 1
    if (found.odd !== undefined || now - this.#toldAt > TELL_MS) this.tell()
    if (found.odd !== undefined) this.#told = this.#done = next
    return next
  }

  /** The loop has stopped in front of an element. One that has been settled is passed over, as far as this worker is concerned. */
  #asked(item: number): number {
    if (Atomics.compareExchange(this.#asks, item, FRESH, 0) === FRESH) return item
    this.#states[item] = COMMITTED
    return item + 1
  }

  get odd(): Odd | undefined {
    return this.#found.odd
  }

  /** Tells of the results so far. */
  tell(): void {
    if (this.#done > this.#told) this.#desk.outbox.writeSpan(this.#claim.frame, this.#told, this.#done - this.#told)
    this.#told = this.#done
    this.#toldAt = performance.now()
  }

  #adapt(ms: number, whole: boolean): void {
    const pace = this.#pace
    if (ms > LONG_MS) pace.length = Math.max(1, pace.length >>> 1)
    else if (whole && ms < SHORT_MS) pace.length = Math.min(pace.length * 2, MOST_ANNOUNCED)
  }
}
