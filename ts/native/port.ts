/** A calling thread's way to the native threads of a pool: who waits for which piece of work, and how this thread hears of it. */
import { addon } from '../binding.ts'
import type { NativeLane } from '../binding.ts'
import { hubOf } from '../pool/backing.ts'
import type { Awaited, Hub } from '../pool/hub.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { deskHere } from '../worker/here.ts'

/** Between looks, where this thread is a worker: native threads cannot wake one, for it must not have a threadsafe function. */
const LOOK_MS = 1

/** As much of a piece of native work as waiting for it takes. */
export interface NativeWork {
  readonly id: number
  /** Whether it may run now; else it is rung when it may. */
  admit(): boolean
}

/** Who waits for a piece of work. */
export interface Waiter {
  /** There is something to look at. */
  wake(): void
  /** The pool closes and does not wait. */
  cancel(reason: unknown): void
}

export class Port {
  readonly lane: NativeLane
  readonly #hub: Hub
  readonly #waiters = new Map<number, Waiter>()
  /** Stands for this port among what the hub's thread waits for. */
  readonly #awaited: Awaited = {
    // Workers that cannot start are no concern of native work.
    fail: () => {},
    cancel: (reason) => {
      for (const waiter of [...this.#waiters.values()]) waiter.cancel(reason)
    },
  }
  #looker: NodeJS.Timeout | undefined

  constructor(hub: Hub) {
    this.#hub = hub
    const answer = deskHere() === undefined ? () => this.#look() : null
    this.lane = new addon.NativeLane(hub.pool, answer)
  }

  /** Keeps the process alive until `leave`. */
  wait(id: number, waiter: Waiter): void {
    if (this.#waiters.size === 0) this.#hub.resume(this.#awaited)
    this.#waiters.set(id, waiter)
    if (deskHere() !== undefined) this.#looker ??= setInterval(() => this.#look(), LOOK_MS)
  }

  leave(id: number): void {
    if (!this.#waiters.delete(id) || this.#waiters.size > 0) return
    clearInterval(this.#looker)
    this.#looker = undefined
    this.#hub.rest(this.#awaited)
  }

  /** What is told of work that nobody waits for is dropped: whoever asks next, asks the work itself. */
  #look(): void {
    for (const id of this.lane.fetch()) {
      if (id !== 0) this.#waiters.get(id)?.wake()
      else for (const waiter of [...this.#waiters.values()]) waiter.wake()
    }
  }
}

const ports = new WeakMap<Hub, Port>()

/** @throws ClosedError */
export function portOf(pool: PoolHandle | undefined): Port {
  const hub = hubOf(pool)
  let port = ports.get(hub)
  if (port === undefined) ports.set(hub, (port = new Port(hub)))
  return port
}
