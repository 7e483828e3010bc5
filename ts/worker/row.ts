/**
 * The numbers of one claim: read where the core put them, their results written into the outbox, a row for each stretch.
 *
 * Mirrors crates/core/README.md, "Rows" and "Stretches".
 */
import type { TaskContext } from '../context.ts'
import { Stretches } from './stretches.ts'
import type { Claim } from './claim.ts'
import type { Desk } from './desk.ts'
import type { Prepared } from './functions.ts'

/** After so many stretches that came to nothing, because the first result of each was no number, the items of a claim go one by one. */
const PATIENCE = 4

export class Row {
  readonly stretches: Stretches
  readonly #desk: Desk
  readonly #frame: number
  #patience = PATIENCE

  constructor(desk: Desk, claim: Claim, prepared: Prepared, cells: Float64Array) {
    this.#desk = desk
    this.#frame = claim.frame
    this.stretches = new Stretches(desk, claim, prepared, cells, 'row', 'number')
  }

  /** Whether it is worth while: it is not for a function that gives other things than numbers. */
  get direct(): boolean {
    return this.#patience > 0
  }

  /** See `Stretches.run`. */
  run(cell: { item: number }, task: TaskContext, from: number, end: number): number {
    const { stretches } = this
    const { outbox, panel } = this.#desk
    const place = outbox.openRow(this.#frame, from, end - from)
    const next = stretches.run(cell, task, panel.outboxCells, place - from, from, end)
    const isOdd = stretches.odd !== undefined
    const done = isOdd ? next - 1 : next
    outbox.closeRow(done - from)
    if (isOdd) this.#patience = done === from ? this.#patience - 1 : PATIENCE
    return !isOdd && next < end ? stretches.pass(next) : next
  }

  tell(): void {}
}
