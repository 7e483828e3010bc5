/** The workers of one home: how many there are to be, how each of them begins and leaves, and the memory that they have. */
import type { NativeHome } from '../binding.ts'
import { LoadError } from '../errors.ts'
import { workerEnded, workerStarted, workerUp } from '../events/workers.ts'
import type { WorkerMessage } from '../events/workers.ts'
import type { PoolSettings } from '../options/settings.ts'
import { answered } from '../thread-end.ts'
import type { Setup } from '../worker/set-up.ts'
import type { Changes } from './changes.ts'
import { Health } from './health.ts'
import { Host } from './host.ts'
import type { HostEvents } from './host.ts'
import { log } from './log.ts'
import { mainModule } from './main-module.ts'
import { unwatchOutput, watchOutput } from './output.ts'
import type { Printer } from './output.ts'
import { leavePanels, takePanel } from './panels.ts'
import { Pressure } from './pressure.ts'
import { Restarts } from './restarts.ts'
import { Spare } from './spare.ts'
import { startThread } from './thread.ts'
import { encodeVerdict } from './verdict.ts'
import type { Verdict } from './verdict.ts'

/** Between looks at what the process holds while no work is open. */
const IDLE_LOOK_MS = 100

/** Whose workers they are, as far as they are concerned. */
export interface Employer extends HostEvents, Printer {
  readonly settings: PoolSettings
  readonly native: NativeHome
  /** At most. */
  readonly workers: number
  /** Modules that have ended workers. */
  readonly suspects: readonly string[]
  /** Gives a new worker what those before it were given. */
  greet(host: Host): void
  /** Whether the worker loads something: then it is not sent away. */
  isLoading(host: Host): boolean
  /** No open job can go on. */
  failAll(reason: unknown): void
}

export class Staff {
  readonly #employer: Employer
  readonly #settings: PoolSettings
  readonly #native: NativeHome
  readonly #words: SharedArrayBuffer
  readonly #setup: Setup | undefined
  readonly #changes: Changes
  readonly #hosts = new Map<number, Host>()
  /** A slot's memory, used by one worker after the other: warm pages are cheap, fresh ones are not. */
  readonly #panels = new Map<number, SharedArrayBuffer>()
  /** Workers that were written off, with the memory that their threads still have. */
  readonly #stuck = new Map<Host, SharedArrayBuffer | undefined>()
  readonly #restarts = new Restarts()
  readonly #spare: Spare
  readonly #pressure: Pressure
  readonly #health: Health
  #memoryTicker: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined
  #wantedByHand = 0
  #closed = false

  constructor(employer: Employer, words: SharedArrayBuffer, setup: Setup | undefined, changes: Changes) {
    const { settings, native } = employer
    this.#employer = employer
    this.#settings = settings
    this.#native = native
    this.#words = words
    this.#setup = setup
    this.#changes = changes
    this.#spare = new Spare(settings)
    this.#pressure = new Pressure(settings.memoryLimit)
    this.#health = new Health(settings.name, native)
  }

  get size(): number {
    return this.#hosts.size
  }

  [Symbol.iterator](): Iterator<Host> {
    return this.#hosts.values()
  }

  /** The worker in a slot. */
  at(slot: number): Host | undefined {
    return this.#hosts.get(slot)
  }

  /** Those that serve, or will. */
  serving(): Host[] {
    return [...this.#hosts.values()].filter(({ state }) => state === 'up' || state === 'starting')
  }

  /** Starts as many workers as the work has use for. */
  startWanted(): void {
    if (this.#closed) return
    const useful = answered(this.#native.wanted())
    if (useful < 0) this.#letGo()
    let wanted = Math.max(useful, Math.max(this.#wantedByHand, this.#minWorkers) - this.#hosts.size)
    if (wanted <= 0) return
    if (this.#pressure.isWatched) wanted = Math.min(wanted, this.#affordable())
    const wait = this.#restarts.wait(performance.now())
    if (wait > 0) {
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined
        this.startWanted()
      }, wait)
      return
    }
    // After a failure one at a time is tried, so that what fails for all is not counted for each.
    if (this.#restarts.careful) wanted = this.#isStarting() ? 0 : 1
    while (wanted > 0 && this.#start()) wanted--
    // More than the budget of the process, or its memory, allows is not to be had.
    if (this.#wantedByHand > this.#hosts.size) this.#wantedByHand = this.#hosts.size
  }

  /** Starts workers until `count` are there; resolves when all of them are up. */
  async warmUp(count: number): Promise<void> {
    this.#wantedByHand = Math.min(count, this.#employer.workers)
    this.startWanted()
    while (
      !this.#closed &&
      [...this.#hosts.values()].filter((host) => host.state === 'up').length < this.#wantedByHand
    ) {
      if (this.#restarts.open) throw this.#broken()
      for (const host of this.#hosts.values()) host.hold('up')
      await this.#changes.next()
    }
    for (const host of this.#hosts.values()) host.letGo('up')
    this.#wantedByHand = 0
  }

  /** Why workers cannot start now, if they cannot; one at a time is tried meanwhile. */
  refusal(): LoadError | undefined {
    if (!this.#restarts.open) return undefined
    this.#wantedByHand ||= 1
    this.startWanted()
    return this.#broken()
  }

  up(host: Host): void {
    this.#restarts.succeeded()
    this.#tellHealth()
    this.#changes.happened()
    workerUp(() => this.#labels(host))
    log('worker %d serves pool %s', host.slot, this.#settings.name)
    this.startWanted()
    if (!this.#closed) this.#spare.prepare()
  }

  /** It does not stop. It keeps its memory, where it may still write; of as many threads as the pool has workers this is borne, the next one is waited for. */
  writeOff(host: Host): boolean {
    if (this.#stuck.size >= this.#employer.workers && !this.#closed) return false
    log('worker %d does not stop: it is written off', host.slot)
    this.#stuck.set(host, this.#panels.get(host.slot))
    this.#panels.delete(host.slot)
    return true
  }

  /** The thread of one that was written off has ended. */
  forget(host: Host): void {
    this.#stuck.delete(host)
  }

  /** Its thread has ended; answers whom to wake. `failure` tells why it never came up, if it did not. */
  bury(host: Host, verdict: Verdict, failure: unknown): number {
    this.#hosts.delete(host.slot)
    if (this.#hosts.size === 0) this.#emptied()
    const rung = this.#native.bury(host.slot, host.epoch, encodeVerdict(verdict))
    const { reason, code: exitCode } = verdict
    workerEnded(() => ({ ...this.#labels(host), reason, exitCode, error: failure ?? host.error }))
    if (failure !== undefined) this.#failedToStart(failure)
    if (host.died && !this.#closed) this.#spare.wanted()
    return rung
  }

  /** A worker that has been idle for long leaves, unless it is one of those to be kept. */
  dismiss(host: Host): void {
    let staying = 0
    for (const one of this.#hosts.values()) if (one.state !== 'ending') staying++
    if (this.#employer.isLoading(host)) return
    if (staying > this.#settings.minWorkers && this.#native.retire(host.slot, host.epoch)) sendAway(host)
  }

  /** Looks what the process holds. While that is too much workers leave, each once it has ended what it runs: what it kept goes with it. */
  lookAtMemory(): void {
    const now = performance.now()
    if (!this.#pressure.look(now)) return
    this.#tellHealth()
    for (const host of this.#hosts.values()) {
      if (host.state !== 'up' || !this.#pressure.concerns(host.startedAt, now) || this.#employer.isLoading(host))
        continue
      if (!this.#native.retire(host.slot, host.epoch)) continue
      log('worker %d leaves: the process holds too much', host.slot)
      this.#pressure.asked(now)
      sendAway(host)
    }
  }

  /** No worker starts any more. */
  close(): void {
    this.#closed = true
    clearTimeout(this.#retry)
  }

  /** Ends every worker; `mayLeave` tells which have nothing to do. Resolves when the last thread has ended. */
  async end(mayLeave: (host: Host) => boolean): Promise<void> {
    for (const host of this.#hosts.values()) {
      host.hold('end')
      // Its word that it is up may still be on the way.
      host.collect()
      // One that runs nothing leaves by itself, with its exit handlers; one that runs or loads something has had its time.
      if (host.state === 'up' && mayLeave(host) && this.#native.retire(host.slot, host.epoch)) sendAway(host)
      else host.kill()
    }
    const spare = this.#spare.end()
    while (this.#hosts.size > 0) await this.#changes.next()
    await spare
  }

  /** Nobody looks at the workers' memory any more. */
  leavePanels(): void {
    leavePanels(this.#panels.values())
    this.#panels.clear()
  }

  #start(): boolean {
    const slot = this.#native.vacantSlot()
    if (slot === null) return false
    let panel = this.#panels.get(slot)
    if (panel === undefined) this.#panels.set(slot, (panel = takePanel()))
    const epoch = this.#native.seat(slot, new Uint8Array(panel))
    if (epoch === null) return false
    try {
      const { name, idleTimeout, recycleAfter, maxQueue, whenFull } = this.#settings
      const pool = {
        pool: this.#native.id,
        name,
        workers: this.#employer.workers,
        words: this.#words,
        main: mainModule(),
        setup: this.#setup,
        suspects: this.#employer.suspects,
        idleTimeout,
        recycleAfter,
        queue: { maxQueue, whenFull },
      }
      const thread = this.#spare.take() ?? startThread(this.#settings, String(slot))
      const host = new Host({ ...pool, slot, epoch, panel }, thread, this.#settings, this.#employer)
      this.#hosts.set(slot, host)
      workerStarted(() => this.#labels(host))
      watchOutput(this.#employer)
      if (this.#pressure.isWatched) this.#memoryTicker ??= setInterval(() => this.lookAtMemory(), IDLE_LOOK_MS).unref()
      this.#employer.greet(host)
      host.boot()
      return true
    } catch (error) {
      this.#native.bury(slot, epoch, encodeVerdict({ reason: 'error', slot, code: 1, detail: String(error) }))
      this.#failedToStart(error)
      return false
    }
  }

  #labels({ slot: worker, threadId }: Host): WorkerMessage {
    return { pool: this.#settings.name, worker, threadId }
  }

  /** Kept alive once the pool has been used. */
  get #minWorkers(): number {
    return this.#panels.size > 0 ? this.#settings.minWorkers : 0
  }

  #isStarting(): boolean {
    for (const host of this.#hosts.values()) if (host.state === 'starting') return true
    return false
  }

  #failedToStart(cause: unknown): void {
    this.#restarts.failed(cause, performance.now())
    this.#tellHealth()
    log('a worker could not start: %s', cause)
    if (this.#restarts.open) this.#employer.failAll(this.#broken())
  }

  #broken(): LoadError {
    const cause = this.#restarts.cause
    return new LoadError(
      `the workers of pool '${this.#settings.name}' cannot start: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }

  /** Other pools are short of threads: idle workers leave, as many as these could use. */
  #letGo(): void {
    for (const host of this.#hosts.values())
      if (!this.#employer.isLoading(host) && this.#native.dismiss(host.slot, host.epoch)) sendAway(host)
  }

  /** Workers that may be started for all that the process holds. */
  #affordable(): number {
    this.lookAtMemory()
    const serving = this.serving().length
    return this.#pressure.room(serving, this.#hosts.size - serving, performance.now())
  }

  #emptied(): void {
    unwatchOutput(this.#employer)
    clearInterval(this.#memoryTicker)
    this.#memoryTicker = undefined
  }

  #tellHealth(): void {
    this.#health.is(this.#restarts.open ? 'failing' : this.#pressure.isOn ? 'memory' : 'ok')
  }
}

function sendAway(host: Host): void {
  host.leaving()
  host.post({ t: 'look' })
}
