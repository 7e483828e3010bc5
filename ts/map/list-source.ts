// The items of an array, by index. One that grows or shrinks meanwhile is followed, as its own iterator would.

import { keepHiddenClass } from '../hidden-class.ts'
import { mute } from '../thenable.ts'
import { end, type RowSource, type SyncSource, type Taker } from './source.ts'

type List = ArrayLike<unknown>

/** How far ahead of the pull the promises in an array are looked after. */
const LOOK_AHEAD = 16_384

export function openList(items: List): SyncSource {
  const looked = Math.min(items.length, LOOK_AHEAD)
  return mutesPromises(items, 0, looked) ? new PromisesSource(items, looked) : new ListSource(items)
}

class ListSource implements SyncSource, RowSource {
  static {
    keepHiddenClass(new ListSource([]))
  }

  readonly sync = true
  readonly #items: List
  #at = 0
  /** What ended a row: it has been read, and no element is read twice. */
  #held: { item: unknown } | { error: unknown } | undefined

  constructor(items: List) {
    this.#items = items
  }

  get total(): number {
    return this.#items.length
  }

  fill(cells: Float64Array, from: number, to: number): number {
    if (this.#held !== undefined) return from
    const items = this.#items
    // In a variable of its own, which the engine keeps in a register.
    let next = this.#at
    try {
      for (; from < to && next < items.length; from++) {
        const item = items[next++]
        if (typeof item !== 'number') {
          this.#held = { item }
          break
        }
        cells[from] = item
      }
    } catch (error) {
      this.#held = { error }
    }
    this.#at = next
    return from
  }

  take(taker: Taker, most: number): number {
    let taken = 0
    if (this.#held !== undefined && most > 0) {
      if ('error' in this.#held || !taker.accept(this.#held.item)) return 0
      this.#held = undefined
      taken++
    }
    const items = this.#items
    let next = this.#at
    try {
      for (; taken < most && next < items.length; taken++) {
        const item = items[next++]
        if (taker.accept(item)) continue
        this.#held = { item }
        break
      }
    } catch (error) {
      this.#held = { error }
    }
    this.#at = next
    return taken
  }

  next(): unknown {
    const held = this.#held
    if (held !== undefined) {
      this.#held = undefined
      if ('error' in held) throw held.error
      return held.item
    }
    return this.#at < this.#items.length ? this.#items[this.#at++] : end
  }

  close(): void {
    // Nothing is held open.
  }
}

/** An array with promises in it: one that rejects before its turn fails its item when that comes; until then nobody would have handled it. */
class PromisesSource implements SyncSource {
  readonly sync = true
  readonly #items: List
  #at = 0
  #looked: number

  constructor(items: List, looked: number) {
    this.#items = items
    this.#looked = looked
  }

  get total(): number {
    return this.#items.length
  }

  next(): unknown {
    const items = this.#items
    if (this.#at >= items.length) return end
    const item = items[this.#at++]
    const ahead = Math.min(items.length, this.#at + LOOK_AHEAD)
    if (ahead > this.#looked) {
      mutesPromises(items, this.#looked, ahead)
      this.#looked = ahead
    }
    return item
  }

  close(): void {
    // Nothing is held open.
  }
}

/** Says whether there are any. */
function mutesPromises(items: List, from: number, to: number): boolean {
  let found = false
  for (let at = from; at < to; at++) {
    if (!isPromise(items, at)) continue
    mute(items[at])
    found = true
  }
  return found
}

// What cannot be looked at (a revoked proxy, a getter that throws) is no promise now; it shows when its turn comes.
function isPromise(items: ArrayLike<unknown>, at: number): boolean {
  try {
    return items[at] instanceof Promise
  } catch {
    return false
  }
}
