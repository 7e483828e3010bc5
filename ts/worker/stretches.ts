/**
 * Items that need no decoding, and results that need no encoding: run in stretches, each announced as a whole.
 *
 * Mirrors crates/core/README.md, "Stretches". The loop over them is compiled once for each function, so that the engine can compile the two as one.
 */
import { compileFunction } from 'node:vm'

import type { TaskContext } from '../context.ts'
import { TIMES } from '../pool/hub.ts'
import { FRESH, RECALL } from './asks.ts'
import { COMMITTED } from './panel.ts'
import { Times } from './times.ts'
import type { Claim } from './claim.ts'
import type { Desk } from './desk.ts'
import type { AnyFunction, Prepared } from './functions.ts'

/** Items announced together take about so long: long beside what it costs to announce them, short beside how long a cancel may take. */
const SHORT_MS = 0.01
const WANTED_MS = 0.02
const LONG_MS = 0.04
const MOST_ANNOUNCED = 4096

/** An item whose result cannot stand beside the others, or that threw. */
export type Odd = { readonly threw: boolean; readonly value: unknown }

interface Found {
  odd: Odd | undefined
}

export interface Cells {
  readonly [index: number]: number | bigint
}

/** Where items are read: in cells, or by a function of what they are in and their number. */
export type Input =
  | { readonly kind: string; readonly cells: Cells }
  | { readonly kind: string; readonly read: (source: never, item: number) => unknown; readonly source: unknown }

/** Where results go: into cells, moved by `shift`, or to a function that says whether it took one. */
export type Output =
  | { readonly type: 'number' | 'bigint'; readonly cells: Cells; readonly shift: number }
  | { readonly type: 'any'; readonly write: (value: unknown, into: never) => boolean; readonly into: unknown }

type Loop = (
  input: unknown,
  source: unknown,
  output: unknown,
  place: unknown,
  states: Uint8Array,
  asks: Uint8Array,
  cell: { item: number },
  found: Found,
  first: number,
  task: TaskContext,
  from: number,
  end: number,
) => number

/** What is known of a function over items of one kind. */
interface Pace {
  readonly loop: Loop
  /** How many are announced at a time. */
  length: number
}

// Tasks may replace what is global.
const { store } = Atomics

const readings = { cells: 'input[i]', read: 'input(source, i)' }
const fits = {
  number: "typeof value === 'number'",
  bigint: "typeof value === 'bigint'",
  any: 'output(value, place)',
}

// Each state byte is written when the function has not been called, or has come back and its result stands where it belongs, so whatever ends this
// thread, they tell how far it came. Of cells an item costs 2.5 ns beside the function, a bare loop 1.3. That rests on there being no way through the
// loop but straight: with the case of an ask handled inside it were 3.5, and looking into the context as well 4.7. A result that is more than a cell has its
// state byte stored behind it in order, for others to read: 8 ns.
const loopOf = (reading: keyof typeof readings, type: Output['type']): string => `'use strict'
return function (input, source, output, place, states, asks, cell, found, first, task, from, end) {
  for (let i = from; i < end; i++) {
    if (asks[i] !== 0) return i
    states[i] = 1
    cell.item = i
    const value = fn(${readings[reading]}, first + i, task)
    if (!(${fits[type]})) {
      found.odd = { threw: false, value }
      return i + 1
    }
    ${type === 'any' ? 'store(states, i, 2)' : 'output[i + place] = value; states[i] = 2'}
  }
  return end
}`

// Its frame in stacks is one of ours: see ts/codec/stack.ts.
const paces = new WeakMap<AnyFunction, Map<string, Pace>>()

/** `kind`: what it reads and writes, so that the loop over one kind knows no other. */
function paceOf(fn: AnyFunction, input: Input, output: Output): Pace {
  let known = paces.get(fn)
  if (known === undefined) paces.set(fn, (known = new Map()))
  const kind = `${input.kind} ${output.type}`
  let pace = known.get(kind)
  if (pace === undefined) {
    const text = loopOf('cells' in input ? 'cells' : 'read', output.type)
    const make = compileFunction(text, ['fn', 'store'], { filename: __filename })
    known.set(kind, (pace = { loop: make(fn, store) as Loop, length: 1 }))
  }
  return pace
}

export class Stretches {
  readonly #desk: Desk
  readonly #claim: Claim
  readonly #fn: AnyFunction
  readonly #input: Input
  readonly #first: number
  readonly #states: Uint8Array
  readonly #asks: Uint8Array
  #output: Output
  #pace: Pace
  readonly #found: Found = { odd: undefined }
  readonly #times = new Times()
  /** When the last run began. */
  began = 0
  /** And when it ended. */
  ended = 0

  constructor(desk: Desk, claim: Claim, prepared: Prepared, input: Input, output: Output) {
    const bytes = desk.panel.bytesOf(claim.frame)
    this.#desk = desk
    this.#claim = claim
    this.#fn = prepared.fn
    this.#input = input
    this.#output = output
    this.#first = prepared.base + claim.first
    this.#states = desk.panel.states.subarray(bytes, bytes + claim.items)
    this.#asks = desk.panel.asks.subarray(bytes, bytes + claim.items)
    this.#pace = paceOf(prepared.fn, input, output)
  }

  /** Results go there from now on. */
  set output(output: Output) {
    if (output.type !== this.#output.type) this.#pace = paceOf(this.#fn, this.#input, output)
    this.#output = output
  }

  /** Somebody has looked into the context of the item that runs: before the next one it is seen whether that can have the same. */
  touched(item: number): void {
    if (item + 1 < this.#claim.items) Atomics.compareExchange(this.#asks, item + 1, 0, FRESH)
  }

  /** Says that items from `from` on, none from `end` on, may be begun. Gives the end of those that are still this worker's. */
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

  /** Items from `from` on have been announced and will wait: others may have them. */
  withdraw(from: number): void {
    Atomics.store(this.#desk.panel.words, this.#desk.panel.startedOf(this.#claim.frame), from)
  }

  /** The function waits, or may: the next ones are announced one by one at first. */
  slowDown(): void {
    this.#pace.length = 1
  }

  /** Runs announced items. Gives where it stands then: if `odd` is set, right behind the odd one. */
  run(cell: { item: number }, task: TaskContext, from: number, end: number): number {
    this.began = performance.now()
    const input = this.#input
    const output = this.#output
    const found = this.#found
    found.odd = undefined
    let next: number
    try {
      next = this.#pace.loop(
        'cells' in input ? input.cells : input.read,
        'cells' in input ? undefined : input.source,
        'cells' in output ? output.cells : output.write,
        'cells' in output ? output.shift : output.into,
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
    this.ended = performance.now()
    const ms = this.ended - this.began
    const done = next - from
    this.#adapt(ms, done, found.odd === undefined && next === end)
    // What is odd is told of by itself, now or when it has waited.
    const told = found.odd === undefined ? done : done - 1
    if (told > 0) this.#times.add(told, (ms * told) / done)
    return next
  }

  /** Tells how long they ran, after their results. */
  tellTimes(): void {
    const times = this.#times.take()
    if (times !== undefined) this.#desk.outbox.write(this.#claim.frame, TIMES, 0, 0, times, times.length)
  }

  /**
   * The loop has stopped in front of an item that it has announced. Gives where to go on: behind it, if it has been settled; this worker is done
   * with it then.
   */
  pass(item: number): number {
    for (;;) {
      const ask = Atomics.load(this.#asks, item)
      if (ask !== FRESH && ask !== RECALL) {
        this.#states[item] = COMMITTED
        return item + 1
      }
      // Another ask may have come in its place just now: a recall, or one that settled the item.
      if (Atomics.compareExchange(this.#asks, item, ask, 0) !== ask) continue
      if (ask === RECALL) this.withdraw(item)
      return item
    }
  }

  get odd(): Odd | undefined {
    return this.#found.odd
  }

  #adapt(ms: number, done: number, whole: boolean): void {
    const pace = this.#pace
    // What is odd once will be so again: where it comes often, much would be made ready for nothing.
    if (this.odd !== undefined) pace.length = Math.min(pace.length, 2 * done + 6)
    if (ms > LONG_MS) pace.length = Math.max(1, Math.floor((done * WANTED_MS) / ms))
    else if (whole && ms < SHORT_MS && done === pace.length) pace.length = Math.min(pace.length * 2, MOST_ANNOUNCED)
  }
}
