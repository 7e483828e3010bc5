/**
 * The modules that this worker loads. The home hears of each before and after, so that it knows what a worker was loading that has ended; a module that has
 * ended a worker is loaded only when the home says so.
 */
import { rebuild } from '../codec/error-envelope.ts'
import type { ErrorRecord } from '../codec/error-envelope.ts'
import type { ToHome } from '../pool/link.ts'
import { whenSettled } from './when-settled.ts'

const nothing = (): void => {}

export interface LoadsOptions {
  /** Modules that have ended workers. */
  readonly suspects: readonly string[]
  readonly post: (message: ToHome) => void
  /** Takes what the home has posted so far. */
  readonly drain: () => void
  /** Resolves when no item of this worker awaits anything, or when that has lasted too long: what may end the worker should do so alone. */
  readonly alone: () => Promise<void>
  /** `areAwaited` has changed, and with it what may end the event loop. */
  readonly changed: () => void
}

interface Answer {
  resolve(): void
  reject(reason: unknown): void
}

export class Loads {
  readonly #options: LoadsOptions
  readonly #suspects: Set<string>
  /** Modules that are being evaluated, or that are to be as soon as they may. */
  readonly #underway = new Map<string, Promise<unknown>>()
  /** Those that were evaluated: these cannot end the worker any more. */
  readonly #done = new Set<string>()
  /** The home's word on these has not come. */
  readonly #asked = new Map<string, Answer>()
  /** These, and those that wait to be alone. */
  readonly #suspended = new Set<string>()

  constructor(options: LoadsOptions) {
    this.#options = options
    this.#suspects = new Set(options.suspects)
  }

  /** Loads something from the module by `load`, which evaluates it if that has not been done. */
  async load<T>(url: string, load: () => Promise<T>): Promise<T> {
    if (url.startsWith('node:') || this.#done.has(url)) return load()
    const other = this.#underway.get(url)
    if (other !== undefined) {
      // It may fail for a reason of its own, such as a name that the module does not export.
      await whenSettled(other, nothing, nothing)
      return this.load(url, load)
    }
    const loading = this.#load(url, load)
    this.#underway.set(url, loading)
    try {
      return await loading
    } finally {
      this.#underway.delete(url)
    }
  }

  async #load<T>(url: string, load: () => Promise<T>): Promise<T> {
    this.#options.drain()
    if (this.#suspects.has(url)) await this.#mayLoad(url)
    this.#options.post({ t: 'loading', url })
    try {
      const loaded = await load()
      this.#done.add(url)
      return loaded
    } finally {
      this.#options.post({ t: 'loaded', url })
    }
  }

  async #mayLoad(url: string): Promise<void> {
    this.#suspended.add(url)
    this.#options.changed()
    try {
      await new Promise<void>((resolve, reject) => {
        this.#asked.set(url, { resolve, reject })
        this.#options.post({ t: 'mayLoad', url })
      })
      await this.#options.alone()
    } finally {
      this.#suspended.delete(url)
      this.#options.changed()
    }
  }

  /** Some module waits until it may be loaded: the home's word comes by the link. */
  get areAwaited(): boolean {
    return this.#suspended.size > 0
  }

  /** The home's word on the module has not come: whatever this worker does meanwhile is in no danger from it. */
  isAsked(url: string): boolean {
    return this.#asked.has(url)
  }

  /** The module waits until it may be loaded. */
  isSuspended(url: string): boolean {
    return this.#suspended.has(url)
  }

  /** The home's word. */
  answer(url: string, refusal: ErrorRecord | null): void {
    const answer = this.#asked.get(url)
    this.#asked.delete(url)
    if (refusal === null) answer?.resolve()
    else answer?.reject(rebuild(refusal))
  }

  suspect(url: string, is: boolean): void {
    if (is) this.#suspects.add(url)
    else this.#suspects.delete(url)
  }

  /** What is underway can never end: if this worker does, it is not for that. */
  giveUp(): void {
    for (const url of this.#underway.keys()) this.#options.post({ t: 'loaded', url })
  }
}
