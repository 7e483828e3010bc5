/**
 * Parcels of a pool at its home: posted to every live worker before the work that needs them is submitted, and kept as a snapshot for workers
 * still to come, until nobody needs them.
 */
import type { Host } from './host.ts'

export class ParcelStore {
  readonly #kept = new Map<number, unknown>()
  readonly #hosts: () => Iterable<Host>
  #dropped: number[] = []

  constructor(hosts: () => Iterable<Host>) {
    this.#hosts = hosts
  }

  /** `values` are snapshots that structured clone accepts. `from` is the slot of the worker that gives them, if one does: it has them. */
  give(id: number, values: unknown, from?: number): void {
    this.#kept.set(id, values)
    for (const host of this.#hosts()) {
      if (host.slot !== from) host.post({ t: 'parcel', id, values })
    }
  }

  /** Before a new worker's first claim: everything that is still needed. */
  greet(host: Host): void {
    for (const [id, values] of this.#kept) host.post({ t: 'parcel', id, values })
  }

  /** Workers hear of it once a turn; it is only memory. */
  drop(ids: readonly number[]): void {
    for (const id of ids) this.#kept.delete(id)
    if (this.#dropped.length === 0) setImmediate(this.#tell).unref()
    this.#dropped.push(...ids)
  }

  #tell = (): void => {
    const ids = this.#dropped
    this.#dropped = []
    for (const host of this.#hosts()) host.post({ t: 'drop', ids })
  }
}
