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

/** A call that uses native threads. */
export interface PortUser {
  /** The pool closes and does not wait. */
  cancel(reason: unknown): void
}

export class Port {
  readonly lane: NativeLane
  readonly #hub: Hub
  /** From the first use of the lane to the end of the call, also while none of its work runs: the pool is not closed meanwhile. */
  readonly #users = new Set<PortUser>()
  /** Who waits for which piece of work: called when there is something to look at. */
  readonly #waiters = new Map<number, () => void>()
  /** Stands for this port among what the hub's thread waits for. */
  readonly #awaited: Awaited = {
    // Workers that cannot start are no concern of native work.
    fail: () => {},
    cancel: (reason) => {
      for (const user of [...this.#users]) user.cancel(reason)
    },
  }
  #looker: NodeJS.Timeout | undefined
  /** Threads of other pools may want the place of these. */
  #rest: NodeJS.Timeout | undefined

  constructor(hub: Hub) {
    this.#hub = hub
    this.lane = new addon.NativeLane(hub.pool, hub.home ?? null)
    hub.lookAlso = () => this.#look()
  }

  /** Keeps the pool open and the process alive until `exit`. */
  enter(user: PortUser): void {
    if (this.#users.size === 0) {
      this.#hub.resume(this.#awaited)
      clearTimeout(this.#rest)
    }
    this.#users.add(user)
  }

  exit(user: PortUser): void {
    if (!this.#users.delete(user) || this.#users.size > 0) return
    this.#hub.rest(this.#awaited)
    const { idleTimeout } = this.#hub
    if (idleTimeout < 2 ** 31) this.#rest = setTimeout(() => this.lane.rest(), idleTimeout).unref()
  }

  wait(id: number, wake: () => void): void {
    this.#waiters.set(id, wake)
    if (deskHere() !== undefined) this.#looker ??= setInterval(() => this.#look(), LOOK_MS)
  }

  leave(id: number): void {
    if (!this.#waiters.delete(id) || this.#waiters.size > 0) return
    clearInterval(this.#looker)
    this.#looker = undefined
  }

  /** What is told of work that nobody waits for is dropped: whoever asks next, asks the work itself. */
  #look(): void {
    for (const id of this.lane.fetch()) {
      if (id !== 0) this.#waiters.get(id)?.()
      else for (const wake of [...this.#waiters.values()]) wake()
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
