/** What the home has posted: parcels by id, drained from the private port when a claim needs one. */
import { receiveMessageOnPort } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import type { ToWorker } from '../pool/link.ts'

export class Parcels {
  readonly #link: MessagePort
  readonly #other: (message: ToWorker) => void
  readonly #arrived: () => void
  readonly #here = new Map<number, unknown>()
  readonly #awaited = new Map<number, Array<() => void>>()

  /** `other` gets the messages that are not about parcels; `arrived` hears of a parcel that somebody waited for. */
  constructor(link: MessagePort, other: (message: ToWorker) => void, arrived: () => void) {
    this.#link = link
    this.#other = other
    this.#arrived = arrived
    link.on('message', (message: ToWorker) => this.#receive(message))
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

  /** A parcel of our own call: our own items may need it too. */
  put(id: number, posted: unknown): void {
    this.#here.set(id, posted)
    const waiting = this.#awaited.get(id)
    if (waiting === undefined) return
    this.#awaited.delete(id)
    for (const wake of waiting) wake()
    this.#arrived()
  }

  drop(ids: readonly number[]): void {
    for (const id of ids) this.#here.delete(id)
  }

  /** Somebody waits for a parcel: the link is what will bring it. */
  get areAwaited(): boolean {
    return this.#awaited.size > 0
  }

  /** Resolves when the parcel has arrived: one that another worker sent comes by way of the home. */
  arrival(id: number): Promise<void> {
    return new Promise((resolve) => {
      const waiting = this.#awaited.get(id)
      if (waiting === undefined) this.#awaited.set(id, [resolve])
      else waiting.push(resolve)
    })
  }

  drain(): void {
    for (;;) {
      const received = receiveMessageOnPort(this.#link) as { message: ToWorker } | undefined
      if (received === undefined) return
      this.#receive(received.message)
    }
  }

  #receive(message: ToWorker): void {
    if (message.t === 'parcel') this.put(message.id, message.values)
    else if (message.t === 'drop') this.drop(message.ids)
    else this.#other(message)
  }
}
