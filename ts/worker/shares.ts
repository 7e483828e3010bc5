/** Shared objects in a worker, by number: each is made of its parcel once, and frozen. */
import { unwrapParcel } from '../codec/parcel.ts'
import { freezeAll } from '../share/freeze.ts'
import { addShared } from '../share/registry.ts'
import type { Parcels } from './parcels.ts'

/** It was given by another worker and has not come by way of the home yet. */
export class MissingShare extends Error {
  readonly #isOurs = true
  readonly id: number

  constructor(id: number) {
    super(`shared value ${id} is on its way`)
    this.id = id
  }

  /** Not by `instanceof`: what a task throws may be a proxy, whose traps that would run. */
  static is(error: unknown): error is MissingShare {
    return typeof error === 'object' && error !== null && #isOurs in error && error.#isOurs
  }
}

export class Shares {
  readonly #parcels: Parcels
  readonly #here = new Map<number, unknown>()
  /** Given by this worker's own tasks, which hold them. */
  readonly #own = new Map<number, WeakRef<object>>()

  constructor(parcels: Parcels) {
    this.#parcels = parcels
  }

  /** @throws MissingShare */
  readonly get = (id: number): unknown => {
    const known = this.#here.get(id) ?? this.#own.get(id)?.deref()
    if (known !== undefined) return known
    if (!this.#parcels.has(id)) throw new MissingShare(id)
    const value = unwrapParcel(this.#parcels.get(id))
    freezeAll(value)
    addShared(value as object)
    this.#here.set(id, value)
    return value
  }

  /** A task of this worker gives it. */
  give(id: number, value: object): void {
    this.#own.set(id, new WeakRef(value))
  }

  drop(ids: readonly number[]): void {
    for (const id of ids) {
      this.#here.delete(id)
      this.#own.delete(id)
    }
  }
}
