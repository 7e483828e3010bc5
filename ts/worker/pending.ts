/** Claims whose function or parcels are still on their way: none of their items has started. */
import { LoadError } from '../errors.ts'
import type { Claim } from './claim.ts'
import type { Functions, Prepared } from './functions.ts'
import type { Loads } from './loads.ts'
import type { Parcels } from './parcels.ts'
import { whenSettled } from './when-settled.ts'

/** So many may wait for the home's word on their modules while others are still served: they need places that the others need, too. */
const PATIENT = 8

const nothing = (): void => {}

export interface PendingOptions {
  readonly functions: Functions
  readonly loads: Loads
  readonly parcels: Parcels
  /** What is waited for has changed, and with it what may end the event loop. */
  readonly changed: () => void
}

interface Waiting {
  /** Where the function comes from. */
  readonly whence: string
  /** Makes an end of it. */
  readonly giveUp: (error: unknown) => void
}

export class Pending {
  readonly #options: PendingOptions
  readonly #claims = new Map<Claim, Waiting>()

  constructor(options: PendingOptions) {
    this.#options = options
  }

  /** Whether only what they wait for may be claimed. While a module is not even begun, for it may end this worker, others go on. */
  get areExclusive(): boolean {
    return this.#claims.size >= PATIENT || this.#some((whence) => !this.#options.loads.isAsked(whence))
  }

  /** None of them is about to run, or to load anything that may end this worker. */
  get areSuspended(): boolean {
    return !this.#some((whence) => !this.#options.loads.isSuspended(whence))
  }

  #some(test: (whence: string) => boolean): boolean {
    for (const { whence } of this.#claims.values()) if (test(whence)) return true
    return false
  }

  /** Never rejects: what cannot be had fails the items. `owned` tells whether the claim is still this worker's: parcels of one that is not are never sent. */
  async ready(claim: Claim, coming: Prepared | Promise<Prepared>, owned: () => boolean): Promise<Prepared> {
    const { functions, parcels, changed } = this.#options
    const prepared = await new Promise<Prepared>((resolve) => {
      const giveUp = (error: unknown): void => resolve(failing(error))
      this.#claims.set(claim, { whence: functions.whence(claim.recipe), giveUp })
      if (coming instanceof Promise) void whenSettled(coming, resolve, giveUp)
      else resolve(coming)
    })
    if (claim.parcels !== 0 && !parcels.has(claim.parcels) && owned()) {
      const arrival = parcels.arrival(claim.parcels)
      changed()
      // One that can never come fails the items that are in it, when they are read.
      await whenSettled(arrival, nothing, nothing)
    }
    this.#claims.delete(claim)
    return prepared
  }

  /** The event loop has nothing left to wait for. */
  lost(): void {
    this.#options.loads.giveUp()
    for (const { whence, giveUp } of this.#claims.values())
      giveUp(new LoadError(`loading ${whence} can never finish: a top-level await in it never settles`))
  }
}

/** Every item of the claim fails with `error`, by the ordinary way of starting it. */
export function failing(error: unknown): Prepared {
  const fn = (): never => {
    throw error
  }
  return { fn, name: '', id: '', calls: false, base: 0, shape: 'item', drops: false, use: {}, metadata: {} }
}
