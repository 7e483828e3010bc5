/** The shared counters: one cell an item, dealt out by the block, and looked at once more before a block is dealt again. */
import { UNIT, begun } from './fates.mjs'

export const BLOCK = 4096
const BLOCKS = UNIT / BLOCK

export class Cells {
  /** Shared with the workers. */
  shared = new Int32Array(new SharedArrayBuffer(UNIT * 4))
  /** Those that came back first are dealt first, so that a block rests for as long as possible. */
  #rested = Array.from({ length: BLOCKS }, (_, at) => ({ first: at * BLOCK, most: 0 }))
  #dealt = 0
  /** Items that began once more after their job had settled. */
  late = 0

  /** The number of the first of `BLOCK` cells, all 0. */
  deal() {
    const block = this.#rested[this.#dealt]
    if (block === undefined) throw new Error('more jobs are open than there are blocks for')
    this.#rested[this.#dealt++] = undefined
    if (this.#dealt > BLOCKS) {
      this.#rested.splice(0, this.#dealt)
      this.#dealt = 0
    }
    this.#look(block)
    this.shared.fill(0, block.first, block.first + BLOCK)
    return block.first
  }

  /** Nothing of the block may begin any more. `loose`: its items had no outcomes, so each may have begun, but once at most. */
  takeBack(first, loose) {
    if (!loose) this.shared.fill(0, first, first + BLOCK)
    this.#rested.push({ first, most: loose ? 1 : 0 })
  }

  /** At the end, of all blocks. */
  lookAtAll() {
    for (let at = this.#dealt; at < this.#rested.length; at++) this.#look(this.#rested[at])
  }

  #look({ first, most }) {
    for (let n = first; n < first + BLOCK; n++) if (begun(this.shared[n]) > most) this.late++
  }
}
