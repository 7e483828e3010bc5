/** What the home has posted: parcels by id, drained from the private port when a claim needs one. */
import { receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { ToWorker } from '../pool/link.ts'
import { Missing } from './missing.ts'

type OtherMessage = Exclude<ToWorker, { t: 'parcel' | 'drop' }>

export class Parcels {
  readonly #link: MessagePort
  readonly #other: (message: OtherMessage) => void
  readonly #arrived: () => void
  readonly #dropped: (ids: readonly number[]) => void
  readonly #here = new Map<number, unknown>()
  readonly #awaited = new Map<number, Array<{ resolve(): void; reject(reason: unknown): void }>>()
  /** Why a message could not be received; from then on nobody waits, for what is missing may have been in it. */
  lost: unknown

  /** `other` gets the messages that are not about parcels; `arrived` hears of a parcel that somebody waited for, `dropped` of those that are not needed any more. */
  constructor(
    link: MessagePort,
    other: (message: OtherMessage) => void,
    arrived: () => void,
    dropped: (ids: readonly number[]) => void,
  ) {
    this.#dropped = dropped
    this.#link = link
    this.#other = other
    this.#arrived = arrived
    link.on('message', (message: ToWorker) => this.#receive(message))
    link.on('messageerror', (error) => this.#unreceived(error))
  }

  /** Is the parcel here? Takes what has been posted so far before it says no. */
  has(id: number): boolean {
    if (this.#here.has(id)) return true
    this.drain()
    return this.#here.has(id)
  }

  get(id: number): unknown {
    return this.#here.get(id)
  }

  /** Freight, by its number. @throws Missing where it has not come */
  readonly freight = (id: number): unknown => {
    if (!this.has(id)) throw new Missing(id, true)
    return this.#here.get(id)
  }

  /** A parcel of our own call: our own items may need it too. */
  put(id: number, posted: unknown): void {
    this.#here.set(id, posted)
    const waiting = this.#awaited.get(id)
    if (waiting === undefined) return
    this.#awaited.delete(id)
    for (const { resolve } of waiting) resolve()
    this.#arrived()
  }

  drop(ids: readonly number[]): void {
    this.#dropped(ids)
    for (const id of ids) this.#here.delete(id)
  }

  /** Somebody waits for a parcel: the link is what will bring it. */
  get areAwaited(): boolean {
    return this.#awaited.size > 0
  }

  /** Resolves when the parcel has arrived: one that another worker sent comes by way of the home. Rejects when it may never. */
  arrival(id: number): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.lost !== undefined) return reject(this.lost)
      const waiting = this.#awaited.get(id)
      if (waiting === undefined) this.#awaited.set(id, [{ resolve, reject }])
      else waiting.push({ resolve, reject })
    })
  }

  drain(): void {
    for (;;) {
      let received: { message: ToWorker } | undefined
      try {
        received = receiveMessageOnPort(this.#link) as { message: ToWorker } | undefined
      } catch (error) {
        this.#unreceived(error)
        continue
      }
      if (received === undefined) return
      this.#receive(received.message)
    }
  }

  #unreceived(cause: unknown): void {
    this.lost = cause
    const waiting = [...this.#awaited.values()].flat()
    this.#awaited.clear()
    for (const { reject } of waiting) reject(this.lost)
  }

  #receive(message: ToWorker): void {
    if (message.t === 'parcel') this.put(message.id, message.values)
    else if (message.t === 'drop') this.drop(message.ids)
    else this.#other(message)
  }
}
