/** What a claim brought to run: its items, read in whichever way they came. */
import { Decoder } from '../codec/decoder.ts'
import { NotCloneableError } from '../errors.ts'
import { wordsOf } from '../errors/words.ts'
import type { TableReader } from '../table/reader.ts'
import { Elements } from './elements.ts'
import { Missing } from './missing.ts'
import type { Claim } from './claim.ts'
import type { Desk } from './desk.ts'
import type { Prepared } from './functions.ts'
import type { Input } from './stretches.ts'

export class Items {
  /** Where they are numbers. */
  readonly cells: Float64Array | undefined
  /** Where they are elements of shared memory. */
  readonly elements: Elements | undefined
  readonly #desk: Desk
  readonly #claim: Claim
  readonly #path: 'item' | 'arguments'
  readonly #parcels: readonly unknown[] | undefined
  readonly #decoder: Decoder
  readonly #table: TableReader | undefined
  /** Why what all of them need could not be read: then no item can. */
  readonly #unread: { readonly cause: unknown } | undefined

  constructor(desk: Desk, claim: Claim, prepared: Prepared, parcels: readonly unknown[] | undefined) {
    this.#desk = desk
    this.#claim = claim
    this.#path = prepared.shape === 'item' ? 'item' : 'arguments'
    this.#parcels = parcels
    this.#decoder = new Decoder(desk.shares.get, desk.parcels.freight)
    this.cells = claim.cells
    try {
      this.#table = claim.table()
      if (claim.areElements) {
        if (prepared.elements !== undefined) this.elements = new Elements(desk, claim, prepared, parcels as never)
      } else if (this.#table === undefined && claim.hasDefinitions) this.#decoder.define(claim.definitions())
    } catch (cause) {
      this.#unread = { cause }
    }
  }

  /** Where stretches of them are read. */
  get input(): Input {
    if (this.cells !== undefined) return { kind: 'row', cells: this.cells }
    if (this.#table !== undefined) return { kind: 'table', read: this.#table.layout.read, source: this.#table }
    return { kind: 'bytes', read: readOf, source: this }
  }

  /** @throws NotCloneableError, and Missing */
  read(item: number): unknown {
    const claim = this.#claim
    if (this.cells !== undefined) return this.cells[item]
    try {
      if (this.#unread !== undefined) throw this.#unread.cause
      if (this.#table !== undefined) return this.#table.read(item)
      if (claim.areElements) return this.elements?.read(item)
      return this.#decoder.item(claim.inbox, claim.begin(item), claim.begin(item + 1), this.#parcels)
    } catch (error) {
      if (Missing.is(error)) throw error
      // Whatever is in the way: too little memory, a global that a task has replaced, or a parcel that could not be received.
      const cause = this.#parcels === undefined && claim.parcels !== 0 ? this.#desk.parcels.lost : error
      const path = this.#path
      throw new NotCloneableError(`${path} cannot be read in this worker: ${wordsOf(cause)}`, { path, cause })
    }
  }
}

const readOf = (items: Items, item: number): unknown => items.read(item)
