/** The pool as the tasks of one of its workers see it: nested calls go into the same pool, and their results come back to this slot. */
import { addon } from '../binding.ts'
import { wrapParcel } from '../codec/parcel.ts'
import { Ledger } from '../ledger/ledger.ts'
import { Hub } from '../pool/hub.ts'
import type { BroadcastRequest } from '../pool/hub.ts'
import { PendingBroadcast } from '../pool/pending-broadcast.ts'
import type { AddressedCall, WorkerAnswer } from '../pool/link.ts'
import { taskStorage } from '../context.ts'
import type { Boot } from '../pool/link.ts'
import { slotsOf, type Rings } from '../pool/memory.ts'
import { answered } from '../thread-end.ts'
import type { Claim } from './claim.ts'
import type { Desk } from './desk.ts'
import { Cell } from './frame.ts'

export class Guest extends Hub {
  readonly rings: Rings
  readonly workers: number
  readonly ledger: Ledger
  readonly idleTimeout: number
  readonly home = undefined
  readonly #desk: Desk
  readonly #broadcasts = new Map<string, PendingBroadcast>()

  constructor({ pool, name, queue, idleTimeout }: Boot, desk: Desk) {
    super(pool, { slot: desk.slot, epoch: desk.epoch }, queue)
    this.rings = desk.rings
    this.workers = slotsOf(desk.rings.words)
    this.ledger = new Ledger(name, addon.Ledger.ofPool(pool))
    this.idleTimeout = idleTimeout
    this.#desk = desk
  }

  /** The home keeps it for the other workers, and those to come; our own items may need it too. */
  give(values: unknown): number {
    const id = answered(this.client.nextParcel())
    this.#desk.post({ t: 'parcel', id, values })
    this.#desk.parcels.put(id, structuredClone(values))
    return id
  }

  giveShared(value: object): number {
    const id = answered(this.client.nextParcel())
    this.#desk.post({ t: 'parcel', id, values: wrapParcel(value) })
    this.#desk.shares.give(id, value)
    return id
  }

  readonly keepFreight = undefined

  /** Later workers may come when this one is gone. */
  readonly keepsShares = false

  broadcast(call: AddressedCall, { sticky, cancelled }: BroadcastRequest): Promise<readonly WorkerAnswer[]> {
    const pending = new PendingBroadcast(this, cancelled)
    this.#broadcasts.set(call.id, pending)
    this.#desk.post({ t: 'broadcast', call, sticky })
    return pending.answers
  }

  /** The home has them all. */
  answered(id: string, answers: readonly WorkerAnswer[]): void {
    this.#broadcasts.get(id)?.done(answers)
    this.#broadcasts.delete(id)
  }

  drop(ids: readonly number[]): void {
    this.#desk.parcels.drop(ids)
    this.#desk.post({ t: 'drop', ids })
  }

  submitted(): void {
    // This worker can do it too, if all it has are items that await.
    this.#desk.turnSoon()
  }

  /** Results of other workers come by way of the home, so that their records may be here first. */
  collect(): undefined {
    this.#desk.parcels.drain()
  }

  parent(): number | undefined {
    return caller()?.frame
  }

  parentJob(): number {
    return caller()?.job ?? 0
  }

  refusal(): undefined {
    return undefined
  }

  keepAlive(): void {
    this.#desk.turnSoon()
  }
}

/** The claim whose item is calling. */
function caller(): Claim | undefined {
  const cell = taskStorage.getStore()
  return cell instanceof Cell ? cell.frame.claim : undefined
}
