/** The caller's side of each way to end a chain: takes what pieces bring home, in whichever order, and says when it is decided. */
import { nextTurn } from '../native/turns.ts'
import type { Steps } from '../native/work.ts'
import type { Found } from './stages.ts'
import { isGreater, isLess, Summing } from './totals.ts'
import type { Total } from './totals.ts'

/** Items that are put together at once. */
const FEW = 65_536

export interface Home<R> {
  /** What a piece has brought; `true`: no other piece can change anything. */
  take(piece: number, value: unknown): boolean
  /** The same of a piece that has failed, where that does not end the chain at once. */
  fail?(piece: number, error: unknown): boolean
  /** Lists may be long: `steps` lets this thread do something else now and then. Throws what a failed piece threw, if that is how it was decided. */
  end(steps: Steps): R | Promise<R>
}

/** All items, in order. */
export class Collection implements Home<unknown[]> {
  readonly #lists: unknown[][] = []

  take(piece: number, items: unknown): false {
    this.#lists[piece] = items as unknown[]
    return false
  }

  end(steps: Steps): unknown[] | Promise<unknown[]> {
    const lists = this.#lists
    if (lists.length === 1) return lists[0] as unknown[]
    const count = lists.reduce((sum, list) => sum + list.length, 0)
    return count <= FEW ? lists.flat() : joined(lists, count, steps)
  }
}

async function joined(lists: unknown[][], count: number, steps: Steps): Promise<unknown[]> {
  // A turn of its own: to make a long list takes most of one.
  await nextTurn()
  const all: unknown[] = []
  all.length = count
  let at = 0
  for (const [place, list] of lists.entries()) {
    const pause = steps.breathe()
    if (pause !== undefined) await pause
    for (const item of list) all[at++] = item
    lists[place] = []
  }
  return all
}

/** Adds in the pieces' order, so that floats give the same sum every time. */
export class Sum implements Home<number | bigint> {
  readonly #totals: Total[] = []

  take(piece: number, total: unknown): false {
    this.#totals[piece] = total as Total
    return false
  }

  end(): number | bigint {
    const sum = new Summing()
    for (const total of this.#totals) sum.join(total)
    return sum.value()
  }
}

export class Count implements Home<number> {
  #count = 0

  take(_piece: number, count: unknown): false {
    this.#count += count as number
    return false
  }

  end(): number {
    return this.#count
  }
}

/** The best of the pieces' best; the first of equals. */
export class Best implements Home<unknown> {
  readonly #best: unknown[][] = []
  readonly #isBetter: (a: unknown, b: unknown) => boolean

  constructor(op: 'min' | 'max') {
    this.#isBetter = op === 'min' ? isLess : isGreater
  }

  take(piece: number, best: unknown): false {
    this.#best[piece] = best as unknown[]
    return false
  }

  end(): unknown {
    let best: unknown
    let any = false
    for (const item of this.#best.flat()) {
      if (!any || this.#isBetter(item, best)) best = item
      any = true
    }
    return best
  }
}

/** Whether any piece has found what it looked for. */
export class Any implements Home<boolean> {
  #found = false

  take(_piece: number, value: unknown): boolean {
    const { found } = value as Found
    this.#found ||= found
    return found
  }

  end(): boolean {
    return this.#found
  }
}

/** The first that was found, in the items' order, or the error before it: decided once all pieces before it have come home. */
export class First implements Home<unknown> {
  readonly #found = new Map<number, () => unknown>()
  readonly #home = new Set<number>()
  /** All pieces before this one are home, and have found nothing. */
  #next = 0

  take(piece: number, brought: unknown): boolean {
    const { found, value } = brought as Found
    return this.#came(piece, found ? () => value : undefined)
  }

  /** Items behind the one that is found would not have been asked: their errors are nobody's. */
  fail(piece: number, error: unknown): boolean {
    return this.#came(piece, () => {
      throw error
    })
  }

  #came(piece: number, outcome: (() => unknown) | undefined): boolean {
    this.#home.add(piece)
    if (outcome !== undefined) this.#found.set(piece, outcome)
    while (this.#home.delete(this.#next)) {
      if (this.#found.has(this.#next)) return true
      this.#next++
    }
    return false
  }

  end(): unknown {
    return this.#found.get(this.#next)?.()
  }
}

/** Nothing is brought home. */
export class Nothing implements Home<undefined> {
  take(): false {
    return false
  }

  end(): undefined {
    return undefined
  }
}
