/**
 * The thread that owns a pool's workers: starts them when work wants them, buries them when they die, ticks while anything runs, and closes.
 */
import { addon } from '../binding.ts'
import type { NativeHome } from '../binding.ts'
import { rebuildOrTell } from '../codec/error-envelope.ts'
import { wrapParcel } from '../codec/parcel.ts'
import { cpuCount } from '../cpu-count.ts'
import { LoadError } from '../errors.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { PoolSettings } from '../options/settings.ts'
import { answered } from '../thread-end.ts'
import { deskHere } from '../worker/here.ts'
import type { Setup } from '../worker/set-up.ts'
import type { WorkerMessage } from '../events/workers.ts'
import { Health } from './health.ts'
import { Host } from './host.ts'
import type { HostEvents } from './host.ts'
import { Broadcasts } from './broadcasts.ts'
import { Hub } from './hub.ts'
import type { BroadcastRequest } from './hub.ts'
import type { AddressedCall, ToHome, WorkerAnswer } from './link.ts'
import { PendingBroadcast } from './pending-broadcast.ts'
import { Loads } from './loads.ts'
import { log } from './log.ts'
import { mainModule } from './main-module.ts'
import { workerEnded, workerStarted, workerStrayed, workerUp } from '../events/workers.ts'
import { Rings, map, newPoolWords } from './memory.ts'
import { unwatchOutput, watchOutput } from './output.ts'
import type { Printer } from './output.ts'
import { leavePanels, takePanel } from './panels.ts'
import { ParcelStore } from './parcels.ts'
import { Pressure } from './pressure.ts'
import { Restarts } from './restarts.ts'
import { Spare } from './spare.ts'
import { reportStray } from './strays.ts'
import { startThread } from './thread.ts'
import { encodeVerdict } from './verdict.ts'
import type { Verdict } from './verdict.ts'

/** Between looks at running workers: results of finished items, deadlines, stealing. */
const TICK_MS = 2
/** Between looks at what the process holds while no work is open. */
const IDLE_LOOK_MS = 100
const KILLS = 0x80000000

export class Home extends Hub implements HostEvents, Printer {
  readonly settings: PoolSettings
  readonly workers: number
  readonly rings: Rings
  readonly ledger: Ledger
  readonly native: NativeHome
  readonly #setup: Setup | undefined
  readonly #words: SharedArrayBuffer
  readonly #hosts = new Map<number, Host>()
  /** A slot's memory, used by one worker after the other: warm pages are cheap, fresh ones are not. */
  readonly #panels = new Map<number, SharedArrayBuffer>()
  /** Workers that were written off, with the memory that their threads still have. */
  readonly #stuck = new Map<Host, SharedArrayBuffer | undefined>()
  readonly #parcels = new ParcelStore(() => this.#hosts.values())
  readonly #broadcasts = new Broadcasts()
  readonly #restarts = new Restarts()
  readonly #loads = new Loads(() => this.#hosts.values())
  readonly #spare: Spare
  busyTimes = 0
  readonly #pressure: Pressure
  readonly #health: Health
  #memoryTicker: NodeJS.Timeout | undefined
  #ticker: NodeJS.Timeout | undefined
  #retry: NodeJS.Timeout | undefined
  #wantedByHand = 0
  #waiters: Array<() => void> = []
  #closed = false
  /** Why the last message that could not be received could not. */
  #unreceived: unknown

  constructor(settings: PoolSettings, workers: number, setup: Setup | undefined, ledger: Ledger) {
    const words = newPoolWords(workers)
    const { calls, bytes } = settings.maxQueue
    const options = {
      maxWorkers: workers,
      minWorkers: settings.minWorkers,
      maxWaiting: calls,
      maxWaitingBytes: bytes,
      nativeThreads: settings.nativeThreads ?? cpuCount(),
      nativeStack: settings.stackSize ?? 0,
      name: settings.name,
    }
    // A threadsafe function must not be used towards a thread that may be killed, and ours may: such a home waits on a word instead.
    const desk = deskHere()
    const answer = { call: (): void => {} }
    const view = new Uint8Array(words)
    const native =
      desk === undefined
        ? new addon.Home(options, view, () => answer.call(), ledger.native, null)
        : new addon.Home(options, view, null, ledger.native, desk.seat)
    super(native.id, undefined, settings)
    answer.call = () => this.look()
    this.native = native
    this.#health = new Health(settings.name, native)
    this.ledger = ledger
    this.settings = settings
    this.#pressure = new Pressure(settings.memoryLimit)
    this.#spare = new Spare(settings)
    this.workers = workers
    this.#words = words
    this.#setup = setup
    this.rings = new Rings(words, () => answered(native.takeRings()))
    if (desk === undefined) return
    desk.homes.add(this)
    this.#listen()
  }

  get idleTimeout(): number {
    return this.settings.idleTimeout
  }

  get home(): NativeHome | undefined {
    return deskHere() === undefined ? this.native : undefined
  }

  /** Live workers. */
  get hosts(): Iterable<Host> {
    return this.#hosts.values()
  }

  give(values: unknown): number {
    const id = answered(this.client.nextParcel())
    this.#parcels.give(id, values)
    return id
  }

  giveShared(value: object): number {
    const id = answered(this.client.nextParcel())
    const weak = new WeakRef(value)
    this.#parcels.giveWhile(id, () => {
      const shared = weak.deref()
      return shared === undefined ? undefined : { values: wrapParcel(shared) }
    })
    return id
  }

  readonly keepsShares = true

  broadcast(call: AddressedCall, { sticky, held, cancelled }: BroadcastRequest): Promise<readonly WorkerAnswer[]> {
    const pending = new PendingBroadcast(this, cancelled)
    this.#broadcasts.send(call, { hosts: this.#serving(), sticky, held, done: pending.done })
    return pending.answers
  }

  #serving(): Host[] {
    return [...this.#hosts.values()].filter(({ state }) => state === 'up' || state === 'starting')
  }

  drop(ids: readonly number[]): void {
    this.#parcels.drop(ids)
  }

  parent(): undefined {
    return undefined
  }

  parentJob(): number {
    return 0
  }

  /** Of a worker that has died everything was taken then. */
  collect(slot: number): { readonly trouble: unknown } {
    this.#hosts.get(slot)?.collect()
    return { trouble: this.#unreceived }
  }

  submitted(): void {
    this.#startWanted()
  }

  keepAlive(on: boolean): void {
    if (!on) return this.#settle()
    this.busyTimes++
    this.#ticker ??= setInterval(this.#tick, TICK_MS)
  }

  /** Starts workers until `count` are there; resolves when all of them are up. */
  async warmUp(count: number): Promise<void> {
    this.#wantedByHand = Math.min(count, this.workers)
    this.#startWanted()
    while (
      !this.#closed &&
      [...this.#hosts.values()].filter((host) => host.state === 'up').length < this.#wantedByHand
    ) {
      if (this.#restarts.open) throw this.#broken()
      for (const host of this.#hosts.values()) host.hold('up')
      await this.#change()
    }
    for (const host of this.#hosts.values()) host.letGo('up')
    this.#wantedByHand = 0
  }

  /** Ends a worker as a crash would; resolves when what ran in it has failed. */
  async crash(host: Host): Promise<void> {
    host.hold('end')
    host.crash()
    while (this.#hosts.get(host.slot) === host) await this.#change()
  }

  /** Ends every worker; what is unsettled settles as closed. Resolves when the last thread has ended. */
  async end(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#retry)
    this.native.close()
    this.deliver()
    for (const host of this.#hosts.values()) {
      host.hold('end')
      // Its word that it is up may still be on the way.
      host.collect()
      // One that runs nothing leaves by itself, with its exit handlers; one that runs or loads something has had its time.
      const mayLeave =
        host.state === 'up' && this.native.quiet() && !this.#loads.occupies(host) && !this.#broadcasts.occupies(host)
      if (mayLeave && this.native.retire(host.slot, host.epoch)) this.#sendAway(host)
      else host.kill()
    }
    this.#loads.close()
    const spare = this.#spare.end()
    while (this.#hosts.size > 0) await this.#change()
    await spare
    this.deliver()
    clearInterval(this.#ticker)
    this.#ticker = undefined
    this.native.hangUp()
    leavePanels(this.#panels.values())
    this.#panels.clear()
    deskHere()?.homes.delete(this)
    this.#changed()
  }

  up(host: Host): void {
    this.#restarts.succeeded()
    this.#tellHealth()
    this.#changed()
    workerUp(() => this.#labels(host))
    log('worker %d serves pool %s', host.slot, this.settings.name)
    this.#startWanted()
    if (!this.#closed) this.#spare.prepare()
  }

  message(host: Host, message: ToHome): void {
    switch (message.t) {
      case 'result':
        if (message.to === null) this.results.put(message.job, message.index, message.value)
        else this.#hosts.get(message.to)?.post(message as Extract<ToHome, { t: 'result' }>)
        break
      case 'parcel':
        this.#parcels.give(message.id, message.values, host)
        break
      case 'drop':
        this.#parcels.drop(message.ids, host)
        break
      case 'loading':
        this.#loads.began(host, message.url)
        break
      case 'loaded':
        this.#loads.ended(host, message.url)
        break
      case 'mayLoad':
        this.#loads.wanted(host, message.url)
        break
      case 'calling':
        this.#broadcasts.calling(host, message.id)
        break
      case 'called':
        this.#broadcasts.called(host, message.id, message.answer)
        break
      case 'broadcast': {
        const { call, sticky } = message
        const done = (answers: readonly WorkerAnswer[]): void => host.post({ t: 'answers', id: call.id, answers })
        this.#broadcasts.send(call, { hosts: this.#serving(), sticky, done })
        break
      }
      case 'idle':
        this.#dismiss(host)
        break
      case 'stray':
        this.#stray(host, rebuildOrTell(message.error), message.name, message.fatal)
        break
    }
  }

  unreceived(_host: Host, error: unknown): void {
    this.#unreceived = error
    log('a message of a worker cannot be received: %s', error)
  }

  /** It keeps its memory, where it may still write; as many threads as the pool has workers are left behind like this, then the next one has to be waited for. */
  stuck(host: Host): boolean {
    if (this.#stuck.size >= this.workers && !this.#closed) return false
    log('worker %d does not stop: it is written off', host.slot)
    this.#stuck.set(host, this.#panels.get(host.slot))
    this.#panels.delete(host.slot)
    return true
  }

  ended(host: Host): void {
    this.#stuck.delete(host)
  }

  gone(host: Host, verdict: Verdict, failure: unknown): void {
    this.#hosts.delete(host.slot)
    this.#parcels.orphan(host)
    if (this.#hosts.size === 0) this.#emptied()
    this.rings.pull(this.native.bury(host.slot, host.epoch, encodeVerdict(verdict)))
    const { reason, code: exitCode } = verdict
    workerEnded(() => ({ ...this.#labels(host), reason, exitCode, error: failure ?? host.error }))
    if (failure !== undefined) this.#failedToStart(failure)
    this.#loads.gone(host, failure === undefined && !host.stopped ? verdict : undefined)
    this.#broadcasts.gone(host, verdict)
    if (host.died && !this.#closed) this.#spare.wanted()
    this.deliver()
    this.#changed()
    this.#startWanted()
  }

  /** Something has come for this thread: results, news of native work, rings that native code owes, a wish for workers or for their threads. */
  look(): void {
    this.deliver()
    this.lookAlso?.()
    this.rings.rest()
    this.#startWanted()
  }

  #listen(): void {
    Atomics.store(this.rings.words, map.home, 1)
    const wait = Atomics.waitAsync(this.rings.words, map.home, 1)
    const again = (): void => {
      if (this.#closed) return
      this.look()
      this.#listen()
    }
    if (wait.async) void wait.value.then(again)
    else setImmediate(again)
  }

  #tick = (): void => {
    const packed = answered(this.native.tick())
    this.rings.pull(packed & ~KILLS)
    this.rings.rest()
    if ((packed & KILLS) !== 0) {
      for (const { slot, epoch } of this.native.takeKills()) {
        const host = this.#hosts.get(slot)
        if (host?.epoch !== epoch) continue
        log('worker %d is stopped: its item did not end when asked', slot)
        host.kill()
      }
    }
    this.deliver()
    this.retryRefused()
    this.lookAtMemory()
    this.#startWanted()
    this.#settle()
  }

  /** The tick ends when nothing of this thread is open and no worker still runs what it was told to stop. */
  #settle(): void {
    if (this.#ticker === undefined || this.openJobs > 0 || !this.native.quiet()) return
    clearInterval(this.#ticker)
    this.#ticker = undefined
    this.#changed()
  }

  /** Resolves when nothing is open, queued or running. */
  async quiet(): Promise<void> {
    while (this.#ticker !== undefined) await this.#change()
  }

  #startWanted(): void {
    if (this.#closed) return
    const useful = answered(this.native.wanted())
    if (useful < 0) this.#letGo()
    let wanted = Math.max(useful, Math.max(this.#wantedByHand, this.#minWorkers) - this.#hosts.size)
    if (wanted <= 0) return
    if (this.#pressure.isWatched) wanted = Math.min(wanted, this.#affordable())
    const wait = this.#restarts.wait(performance.now())
    if (wait > 0) {
      this.#retry ??= setTimeout(() => {
        this.#retry = undefined
        this.#startWanted()
      }, wait)
      return
    }
    // After a failure one at a time is tried, so that what fails for all is not counted for each.
    if (this.#restarts.careful) wanted = this.#starting() ? 0 : 1
    while (wanted > 0 && this.#start()) wanted--
    // More than the budget of the process, or its memory, allows is not to be had.
    if (this.#wantedByHand > this.#hosts.size) this.#wantedByHand = this.#hosts.size
  }

  /** Kept alive once the pool has been used. */
  get #minWorkers(): number {
    return this.#panels.size > 0 ? this.settings.minWorkers : 0
  }

  #starting(): boolean {
    for (const host of this.#hosts.values()) if (host.state === 'starting') return true
    return false
  }

  #start(): boolean {
    const slot = this.native.vacantSlot()
    if (slot === null) return false
    let panel = this.#panels.get(slot)
    if (panel === undefined) this.#panels.set(slot, (panel = takePanel()))
    const epoch = this.native.seat(slot, new Uint8Array(panel))
    if (epoch === null) return false
    try {
      const { name, idleTimeout, recycleAfter, maxQueue, whenFull } = this.settings
      const pool = {
        pool: this.native.id,
        name,
        workers: this.workers,
        words: this.#words,
        main: mainModule(),
        setup: this.#setup,
        suspects: this.#loads.suspects,
        idleTimeout,
        recycleAfter,
        queue: { maxQueue, whenFull },
      }
      const thread = this.#spare.take() ?? startThread(this.settings, String(slot))
      const host = new Host({ ...pool, slot, epoch, panel }, thread, this.settings, this)
      this.#hosts.set(slot, host)
      workerStarted(() => this.#labels(host))
      watchOutput(this)
      if (this.#pressure.isWatched) this.#memoryTicker ??= setInterval(() => this.lookAtMemory(), IDLE_LOOK_MS).unref()
      this.#parcels.greet(host)
      this.#broadcasts.greet(host)
      host.boot()
      return true
    } catch (error) {
      this.native.bury(slot, epoch, encodeVerdict({ reason: 'error', slot, code: 1, detail: String(error) }))
      this.#failedToStart(error)
      return false
    }
  }

  #labels({ slot: worker, threadId }: Host): WorkerMessage {
    return { pool: this.settings.name, worker, threadId }
  }

  #stray({ slot: worker }: Host, error: unknown, name: string | null, fatal: boolean): void {
    workerStrayed({ pool: this.settings.name, worker, name: name ?? undefined, fatal, error })
    reportStray(error, name, fatal, worker)
  }

  #failedToStart(cause: unknown): void {
    this.#restarts.failed(cause, performance.now())
    this.#tellHealth()
    log('a worker could not start: %s', cause)
    if (this.#restarts.open) this.failAll(this.#broken())
  }

  #broken(): LoadError {
    const cause = this.#restarts.cause
    return new LoadError(
      `the workers of pool '${this.settings.name}' cannot start: ${cause instanceof Error ? cause.message : String(cause)}`,
      { cause },
    )
  }

  /** New work is refused while workers cannot start; one at a time is tried meanwhile. */
  refusal(): LoadError | undefined {
    if (!this.#restarts.open) return undefined
    this.#wantedByHand ||= 1
    this.#startWanted()
    return this.#broken()
  }

  /** A worker that has been idle for long leaves, unless it is one of those to be kept. */
  #dismiss(host: Host): void {
    let staying = 0
    for (const one of this.#hosts.values()) if (one.state !== 'ending') staying++
    if (this.#loads.occupies(host)) return
    if (staying > this.settings.minWorkers && this.native.retire(host.slot, host.epoch)) this.#sendAway(host)
  }

  /** Other pools are short of threads: idle workers leave, as many as these could use. */
  #letGo(): void {
    for (const host of this.#hosts.values())
      if (!this.#loads.occupies(host) && this.native.dismiss(host.slot, host.epoch)) this.#sendAway(host)
  }

  /** Looks what the process holds. While that is too much workers leave, each once it has ended what it runs: what it kept goes with it. */
  lookAtMemory(): void {
    const now = performance.now()
    if (!this.#pressure.look(now)) return
    this.#tellHealth()
    for (const host of this.#hosts.values()) {
      if (host.state !== 'up' || !this.#pressure.concerns(host.startedAt, now) || this.#loads.occupies(host)) continue
      if (!this.native.retire(host.slot, host.epoch)) continue
      log('worker %d leaves: the process holds too much', host.slot)
      this.#pressure.asked(now)
      this.#sendAway(host)
    }
  }

  /** Workers that may be started for all that the process holds. */
  #affordable(): number {
    this.lookAtMemory()
    const serving = this.#serving().length
    return this.#pressure.room(serving, this.#hosts.size - serving, performance.now())
  }

  #emptied(): void {
    unwatchOutput(this)
    clearInterval(this.#memoryTicker)
    this.#memoryTicker = undefined
  }

  #tellHealth(): void {
    this.#health.is(this.#restarts.open ? 'failing' : this.#pressure.isOn ? 'memory' : 'ok')
  }

  #sendAway(host: Host): void {
    host.leaving()
    host.post({ t: 'look' })
  }

  #change(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve))
  }

  #changed(): void {
    for (const resolve of this.#waiters.splice(0)) resolve()
  }
}
