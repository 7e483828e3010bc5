/** Compares what came of each item with what it has counted itself. */
import { begun, ended, fateOf, numberOf, valueOf } from './fates.mjs'

/** Codes of errors by which an item fails because its worker died. */
const DEATHS = new Set(['ERR_WORKER_EXIT', 'ERR_OUT_OF_MEMORY'])

/** Fates that end the worker while the item runs. */
const DEADLY = new Set(['exit', 'reallyExit', 'memory', 'exitLater'])

/** Fates that fail the item; one that comes after the item has returned may find it waiting. */
const THROWN = new Set(['overflow', 'throws', 'uncaught'])

export class Judge {
  items = 0
  /** No outcome, or a value of what has never begun or ended. */
  lost = 0
  /** Began more often than it had attempts. */
  doubled = 0
  /** Values and errors that are not its own. */
  wrong = 0
  /** Failed by a death that was not planned in them, where each worker runs one item at a time. */
  bystanders = 0
  /** Timed out without having been endless: they did run, on a loaded machine. */
  slow = 0
  /** The first few of what is wrong, in words. */
  notes = []
  #cells

  constructor(cells) {
    this.#cells = cells
  }

  /**
   * `outcome` is a value, or `{ failed: code }`. `sharing`: other items may run in the same worker. `attempts`: as many as it may have made. `kin`: so
   * many items, it among them, fail as one.
   */
  item(code, outcome, { sharing = false, attempts = 1, kin = 1 } = {}) {
    this.items++
    const n = numberOf(code)
    const fate = fateOf(code)
    const cell = this.#cells.shared[n]
    const failed = outcome?.failed
    if (begun(cell) > attempts) this.#note('doubled', n, fate, outcome, cell)
    if (outcome === undefined) this.#note('lost', n, fate, outcome, cell)
    else if (failed === undefined) {
      if (outcome !== valueOf(n)) this.#note('wrong', n, fate, outcome, cell)
      else if (begun(cell) < 1 || ended(cell) < 1) this.#note('lost', n, fate, outcome, cell)
    } else if (DEATHS.has(failed)) {
      // It need not have counted its begin: a death may come first. That it was the one item that ran is seen by their number.
      if (!sharing && !DEADLY.has(fate)) this.bystanders += 1 / kin
    } else if (failed === 'ERR_TIMEOUT') {
      if (fate !== 'endless' && !sharing) this.slow++
    } else if (failed !== 'planned' || !(THROWN.has(fate) || kin > 1)) this.#note('wrong', n, fate, outcome, cell)
  }

  #note(what, n, fate, outcome, cell) {
    this[what]++
    if (this.notes.length < 10)
      this.notes.push(
        `${what}: item ${n} (${fate}): ${JSON.stringify(outcome)}; began ${begun(cell)}, ended ${ended(cell)}`,
      )
  }
}

/** What an item failed with, as an outcome. */
export const failure = (error) => ({ failed: error instanceof RangeError ? 'planned' : (error?.code ?? String(error)) })

/** What stands in the place of an item under `onError: 'return'`, as an outcome. */
export const outcomeOf = (result) => (result instanceof Error ? failure(result) : result)
