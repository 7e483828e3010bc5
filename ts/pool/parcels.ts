/**
 * Parcels of a pool at its home: posted to every live worker before the work that needs them is submitted, and kept as a snapshot for workers
 * still to come, until nobody needs them. Freight is posted to the one worker that asks for it.
 */
import type { Freight } from '../codec/freight.ts'
import type { Host } from './host.ts'

/** Gives the values of a parcel, or nothing once those it was made of are gone. */
type Kept = () => { readonly values: unknown } | undefined

export class ParcelStore {
  readonly #kept = new Map<number, Kept>()
  /** By the worker that gave them. */
  readonly #givers = new Map<Host, Set<number>>()
  readonly #freight = new Map<number, Freight>()
  readonly #hosts: () => Iterable<Host>
  #dropped: number[] = []

  constructor(hosts: () => Iterable<Host>) {
    this.#hosts = hosts
  }

  /** `values` are snapshots that structured clone accepts. `from` is the worker that gives them, if one does: it has them. */
  give(id: number, values: unknown, from?: Host): void {
    const parcel = { values }
    this.giveWhile(id, () => parcel, from)
    if (from === undefined) return
    const given = this.#givers.get(from)
    if (given === undefined) this.#givers.set(from, new Set([id]))
    else given.add(id)
  }

  /** The same of values that are kept by somebody else. */
  giveWhile(id: number, kept: Kept, from?: Host): void {
    this.#kept.set(id, kept)
    for (const host of this.#hosts()) if (host !== from) post(host, id, kept)
  }

  /** Keeps it until a worker asks for it. */
  keepFreight(id: number, freight: Freight): void {
    this.#freight.set(id, freight)
  }

  /** The item that needs it has begun in this worker, so nobody else ever will. Where it has ended meanwhile there is nothing left to give. */
  handOver(id: number, host: Host): void {
    const { values, memory } = this.#freight.get(id)?.sealed ?? { values: undefined, memory: [] }
    this.#freight.delete(id)
    host.post({ t: 'parcel', id, values }, memory)
  }

  /** Before a new worker's first claim: everything that is still needed. */
  greet(host: Host): void {
    for (const [id, kept] of this.#kept) post(host, id, kept)
  }

  /** Workers hear of it once a turn; it is only memory. */
  drop(ids: readonly number[], from?: Host): void {
    for (const id of ids) if (!this.#kept.delete(id)) this.#freight.delete(id)
    const given = from === undefined ? undefined : this.#givers.get(from)
    if (given !== undefined) for (const id of ids) given.delete(id)
    if (this.#dropped.length === 0) setImmediate(this.#tell).unref()
    this.#dropped.push(...ids)
  }

  /** A worker is gone, and with it all calls that it made. */
  orphan(host: Host): void {
    const given = this.#givers.get(host)
    if (given === undefined) return
    this.#givers.delete(host)
    if (given.size > 0) this.drop([...given])
  }

  #tell = (): void => {
    const ids = this.#dropped
    this.#dropped = []
    for (const host of this.#hosts()) host.post({ t: 'drop', ids })
  }
}

function post(host: Host, id: number, kept: Kept): void {
  const parcel = kept()
  if (parcel !== undefined) host.post({ t: 'parcel', id, values: parcel.values })
}
