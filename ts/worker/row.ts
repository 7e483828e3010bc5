/**
 * The items of one claim where they run in stretches and their results go into the outbox together: numbers as a row, what tables are made of as a table.
 *
 * Mirrors crates/core/README.md, "Rows", "Tables" and "Stretches". Which of them it is, the function shows: by the result that did not fit.
 */
import type { TaskContext } from '../context.ts'
import { layoutFor } from '../table/layout.ts'
import type { Layout } from '../table/layout.ts'
import { Stretches } from './stretches.ts'
import type { Input, Output } from './stretches.ts'
import { TableOutbox } from './table.ts'
import type { Claim } from './claim.ts'
import type { Desk } from './desk.ts'
import type { AnyFunction, Prepared } from './functions.ts'

/** After so many stretches that came to nothing, because the first result of each did not fit, the items of a claim go one by one. */
const PATIENCE = 4
/** Numbers that are announced together, at most. */
const LONGEST_ROW = 4096
/** A table stays open from stretch to stretch, for its description and its header cost as much as some rows; until it is closed, its results are seen only by who finds this thread held up. */
const OPEN_MS = 0.5

/** What the results of a function were last: `undefined` stands for numbers. */
const layouts = new WeakMap<AnyFunction, Layout>()

export class Row {
  readonly stretches: Stretches
  readonly #desk: Desk
  readonly #frame: number
  readonly #items: number
  readonly #fn: AnyFunction
  #table: TableOutbox | undefined
  #layout: Layout | undefined
  #patience = PATIENCE
  /** When the open table began. */
  #openSince = 0

  constructor(desk: Desk, claim: Claim, prepared: Prepared, input: Input) {
    this.#desk = desk
    this.#frame = claim.frame
    this.#items = claim.items
    this.#fn = prepared.fn
    this.#layout = layouts.get(this.#fn)
    this.stretches = new Stretches(desk, claim, prepared, input, this.#output())
  }

  /** Whether it is worth while: it is not for a function whose results are ever others. */
  get direct(): boolean {
    return this.#patience > 0
  }

  /** Items that may be announced at a time, whatever they take. */
  get most(): number {
    return this.#table?.room ?? LONGEST_ROW
  }

  /** See `Stretches.run`. */
  run(cell: { item: number }, task: TaskContext, from: number, end: number): number {
    const { stretches } = this
    const { outbox, panel } = this.#desk
    const table = this.#table
    if (table === undefined) {
      const place = outbox.openRow(this.#frame, from, end - from)
      stretches.output = { type: 'number', cells: panel.outboxCells, shift: place - from }
    }
    const isNew = table?.open(this.#frame, from, this.#items - from)
    const next = stretches.run(cell, task, from, end)
    if (isNew === true) this.#openSince = stretches.began
    const { odd } = stretches
    const done = odd === undefined ? next : next - 1
    if (table === undefined) outbox.closeRow(done - from)
    else if (next < end || odd !== undefined || stretches.ended - this.#openSince > OPEN_MS) outbox.close()
    if (odd === undefined) return next < end ? stretches.pass(next) : next
    this.#patience = done === from ? this.#patience - 1 : PATIENCE
    if (!odd.threw) this.#learn(odd.value, done === from)
    return next
  }

  /** Nothing more comes. */
  end(): void {
    this.#desk.outbox.close()
    this.stretches.tellTimes()
  }

  /** A result did not fit: the ones to come may be like it. `all`: none before it was otherwise. */
  #learn(value: unknown, all: boolean): void {
    const wider = this.#layout?.with(value)
    const layout = wider ?? (all ? layoutFor(value) : this.#layout)
    if (layout === this.#layout) return
    const isNumber = wider === undefined && typeof value === 'number'
    this.#layout = isNumber ? undefined : layout
    if (this.#layout === undefined) layouts.delete(this.#fn)
    else layouts.set(this.#fn, this.#layout)
    this.stretches.output = this.#output()
  }

  #output(): Output {
    const { outbox, panel } = this.#desk
    const layout = this.#layout
    this.#table = layout === undefined ? undefined : new TableOutbox(layout, outbox, panel)
    if (layout === undefined) return { type: 'number', cells: panel.outboxCells, shift: 0 }
    return { type: 'any', write: layout.write, into: this.#table }
  }
}
