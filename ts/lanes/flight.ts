// One item in flight on the caller. Flights are reused, because their two handlers cost as much as a call.

import type { TaskCell, TaskContext } from '../context.ts'
import { BLANK, FRACTIONAL_ZERO, keepHiddenClass } from '../hidden-class.ts'

/** To whom a flight tells how it ended. */
export interface Tower {
  landed(flight: Flight, value: unknown): void
  crashed(flight: Flight, error: unknown): void
}

export class Flight implements TaskCell {
  static {
    keepHiddenClass(new Flight(BLANK))
  }

  readonly #tower: Tower
  index = 0
  item: unknown = undefined
  task: TaskContext | undefined = undefined
  attempt = 0
  /** Where it stands among those that fly. */
  seat = 0
  pushedAt: number = FRACTIONAL_ZERO
  startedAt: number = FRACTIONAL_ZERO
  // From when the patient clock counts its time, where it has a limit.
  since: number = FRACTIONAL_ZERO
  // The attempt ran out of time.
  late = false
  // Somebody wants to know how long it runs.
  timed = false
  // Given up flights are never reused: a late answer finds them closed, whoever has the item by then.
  open = true

  constructor(tower: Tower) {
    this.#tower = tower
  }

  readonly onValue = (value: unknown): void => {
    if (this.open) this.#tower.landed(this, value)
  }

  readonly onError = (error: unknown): void => {
    if (this.open) this.#tower.crashed(this, error)
  }

  /** The item goes on without this flight's answer. */
  giveUp(): void {
    this.open = false
  }

  /** A fresh flight for the same item at the same attempt, in the same seat. */
  successor(): Flight {
    const { index, item, attempt, seat, pushedAt, startedAt } = this
    return Object.assign(new Flight(this.#tower), { index, item, attempt, seat, pushedAt, startedAt })
  }
}
