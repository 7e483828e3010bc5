/**
 * Modules that workers load, as their home sees it. A module that ends the worker that loads it is suspect: it is loaded by one worker at a time, and after
 * so many ms as `Restarts` says; the others wait, with what they have claimed. When it has gone wrong too often, calls of it are refused, and one in a
 * second is tried. Other functions are not concerned.
 */
import { dismantle } from '../codec/error-envelope.ts'
import type { ErrorRecord } from '../codec/error-envelope.ts'
import { LoadError } from '../errors.ts'
import { wordsOf } from '../errors/words.ts'
import type { Host } from './host.ts'
import type { ToWorker } from './link.ts'
import { Restarts } from './restarts.ts'
import { verdictError } from './verdict.ts'
import type { Verdict } from './verdict.ts'

interface Suspect {
  readonly restarts: Restarts
  /** Who loads it. */
  trying: Host | undefined
  /** Who wants to. */
  readonly waiting: Set<Host>
  timer: NodeJS.Timeout | undefined
}

export class Loads {
  readonly #hosts: () => Iterable<Host>
  readonly #loading = new Map<Host, Set<string>>()
  readonly #suspects = new Map<string, Suspect>()

  constructor(hosts: () => Iterable<Host>) {
    this.#hosts = hosts
  }

  /** What a new worker must know. */
  get suspects(): string[] {
    return [...this.#suspects.keys()]
  }

  /** Whether the worker loads something, or waits until it may. */
  occupies(host: Host): boolean {
    if ((this.#loading.get(host)?.size ?? 0) > 0) return true
    for (const { waiting } of this.#suspects.values()) if (waiting.has(host)) return true
    return false
  }

  /** The worker would like to load a module that is suspect. */
  wanted(host: Host, url: string): void {
    const suspect = this.#suspects.get(url)
    if (suspect === undefined) return answer(host, url, null)
    suspect.waiting.add(host)
    this.#decide(url, suspect)
  }

  began(host: Host, url: string): void {
    const urls = this.#loading.get(host)
    if (urls === undefined) this.#loading.set(host, new Set([url]))
    else urls.add(url)
  }

  /** It has been evaluated, whether it threw or not. */
  ended(host: Host, url: string): void {
    this.#loading.get(host)?.delete(url)
    const suspect = this.#suspects.get(url)
    if (suspect === undefined) return
    clearTimeout(suspect.timer)
    this.#suspects.delete(url)
    this.#tellAll({ t: 'suspect', url, is: false })
    for (const other of suspect.waiting) answer(other, url, null)
    this.#decideAll()
  }

  /** The worker's thread has ended; `undefined` where that is no fault of what it was loading. */
  gone(host: Host, verdict: Verdict | undefined): void {
    const urls = this.#loading.get(host) ?? []
    this.#loading.delete(host)
    for (const suspect of this.#suspects.values()) {
      suspect.waiting.delete(host)
      if (suspect.trying === host) suspect.trying = undefined
    }
    if (verdict !== undefined) {
      const cause = verdictError(verdict, 'loaded this module')
      for (const url of urls) this.#failed(url, cause)
    }
    this.#decideAll()
  }

  /** Nobody is answered any more. */
  close(): void {
    for (const { timer } of this.#suspects.values()) clearTimeout(timer)
  }

  #failed(url: string, cause: unknown): void {
    let suspect = this.#suspects.get(url)
    if (suspect === undefined) {
      suspect = { restarts: new Restarts(), trying: undefined, waiting: new Set(), timer: undefined }
      this.#suspects.set(url, suspect)
      this.#tellAll({ t: 'suspect', url, is: true })
    }
    suspect.restarts.failed(cause, performance.now())
  }

  #decideAll(): void {
    for (const [url, suspect] of this.#suspects) this.#decide(url, suspect)
  }

  #decide(url: string, suspect: Suspect): void {
    const { restarts, waiting } = suspect
    const wait = restarts.wait(performance.now())
    if (wait <= 0 && suspect.trying === undefined) {
      const next = [...waiting].find((host) => !this.#tries(host))
      if (next !== undefined) {
        waiting.delete(next)
        suspect.trying = next
        answer(next, url, null)
      }
    }
    if (restarts.open) return refuse(url, suspect)
    if (wait <= 0 || suspect.timer !== undefined) return
    suspect.timer = setTimeout(() => {
      suspect.timer = undefined
      this.#decide(url, suspect)
    }, wait)
    // Whoever waits for it has a call open, which keeps the process.
    suspect.timer.unref()
  }

  /** One at a time in a worker, too, or it would not be known which of them has ended it. */
  #tries(host: Host): boolean {
    for (const { trying } of this.#suspects.values()) if (trying === host) return true
    return false
  }

  #tellAll(message: ToWorker): void {
    for (const host of this.#hosts()) host.post(message)
  }
}

function refuse(url: string, { restarts, waiting }: Suspect): void {
  if (waiting.size === 0) return
  const { cause } = restarts
  const refusal = dismantle(new LoadError(`cannot load ${url}: ${wordsOf(cause)}`, { cause }))
  for (const host of waiting) answer(host, url, refusal)
  waiting.clear()
}

function answer(host: Host, url: string, refusal: ErrorRecord | null): void {
  host.post({ t: 'load', url, refusal })
}
