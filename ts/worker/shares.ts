/** Shared objects in a worker, by number: each is made of its parcel once, and frozen. */
import { unwrapParcel } from '../codec/parcel.ts'
import { freezeAll } from '../share/freeze.ts'
import { addShared } from '../share/registry.ts'
import { Missing } from './missing.ts'
import type { Parcels } from './parcels.ts'

export class Shares {
  readonly #parcels: Parcels
  readonly #here = new Map<number, unknown>()
  /** Given by this worker's own tasks, which hold them. */
  readonly #own = new Map<number, WeakRef<object>>()

  constructor(parcels: Parcels) {
    this.#parcels = parcels
  }

  /** @throws Missing: it was given by another worker */
  readonly get = (id: number): unknown => {
    const known = this.#here.get(id) ?? this.#own.get(id)?.deref()
    if (known !== undefined) return known
    if (!this.#parcels.has(id)) throw new Missing(id, false)
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
