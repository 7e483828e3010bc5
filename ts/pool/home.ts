/** The thread that owns a pool's workers: hears what they post, ticks while anything runs, and closes. Who they are and when they start is its staff's. */
import { addon } from '../binding.ts'
import type { NativeHome } from '../binding.ts'
import { rebuildOrTell } from '../codec/error-envelope.ts'
import type { Freight } from '../codec/freight.ts'
import { wrapParcel } from '../codec/parcel.ts'
import { cpuCount } from '../cpu-count.ts'
import type { LoadError } from '../errors.ts'
import { workerStrayed } from '../events/workers.ts'
import type { Ledger } from '../ledger/ledger.ts'
import type { PoolSettings } from '../options/settings.ts'
import { answered } from '../thread-end.ts'
import { deskHere } from '../worker/here.ts'
import type { Setup } from '../worker/set-up.ts'
import { Broadcasts } from './broadcasts.ts'
import { Changes } from './changes.ts'
import type { Host } from './host.ts'
import { Hub } from './hub.ts'
import type { BroadcastRequest } from './hub.ts'
import type { AddressedCall, ToHome, WorkerAnswer } from './link.ts'
import { Loads } from './loads.ts'
import { log } from './log.ts'
import { Rings, map, newPoolWords } from './memory.ts'
import { ParcelStore } from './parcels.ts'
import { PendingBroadcast } from './pending-broadcast.ts'
import { Staff } from './staff.ts'
import type { Employer } from './staff.ts'
import { reportStray } from './strays.ts'
import type { Verdict } from './verdict.ts'

/** Between looks at running workers: results of finished items, deadlines, stealing. */
const TICK_MS = 2
const KILLS = 0x80000000

export class Home extends Hub implements Employer {
  readonly settings: PoolSettings
  readonly workers: number
  readonly rings: Rings
  readonly ledger: Ledger
  readonly native: NativeHome
  readonly #changes = new Changes()
  readonly #staff: Staff
  readonly #parcels = new ParcelStore(() => this.#staff)
  readonly #broadcasts = new Broadcasts()
  readonly #loads = new Loads(() => this.#staff)
  busyTimes = 0
  #ticker: NodeJS.Timeout | undefined
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
    this.ledger = ledger
    this.settings = settings
    this.workers = workers
    this.rings = new Rings(words, () => answered(native.takeRings()))
    this.#staff = new Staff(this, words, setup, this.#changes)
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
    return this.#staff
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

  readonly keepFreight = (freight: Freight): number => {
    const id = answered(this.client.nextParcel())
    this.#parcels.keepFreight(id, freight)
    return id
  }

  readonly keepsShares = true

  broadcast(call: AddressedCall, { sticky, held, cancelled }: BroadcastRequest): Promise<readonly WorkerAnswer[]> {
    const pending = new PendingBroadcast(this, cancelled)
    this.#broadcasts.send(call, { hosts: this.#staff.serving(), sticky, held, done: pending.done })
    return pending.answers
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
    this.#staff.at(slot)?.collect()
    return { trouble: this.#unreceived }
  }

  submitted(): void {
    this.#staff.startWanted()
  }

  keepAlive(on: boolean): void {
    if (!on) return this.#changes.happened()
    this.busyTimes++
    this.#ticker ??= setInterval(this.#tick, TICK_MS)
  }

  /** Starts workers until `count` are there; resolves when all of them are up. */
  warmUp(count: number): Promise<void> {
    return this.#staff.warmUp(count)
  }

  /** New work is refused while workers cannot start. */
  refusal(): LoadError | undefined {
    return this.#staff.refusal()
  }

  lookAtMemory(): void {
    this.#staff.lookAtMemory()
  }

  get suspects(): readonly string[] {
    return this.#loads.suspects
  }

  isLoading(host: Host): boolean {
    return this.#loads.occupies(host)
  }

  greet(host: Host): void {
    this.#parcels.greet(host)
    this.#broadcasts.greet(host)
  }

  /** Ends a worker as a crash would; resolves when what ran in it has failed. */
  async crash(host: Host): Promise<void> {
    host.hold('end')
    host.crash()
    while (this.#staff.at(host.slot) === host) await this.#changes.next()
  }

  /** Ends every worker; what is unsettled settles as closed. Resolves when the last thread has ended. */
  async end(): Promise<void> {
    this.#closed = true
    this.#staff.close()
    this.native.close()
    this.deliver()
    const ended = this.#staff.end(
      (host) => this.native.quiet() && !this.#loads.occupies(host) && !this.#broadcasts.occupies(host),
    )
    this.#loads.close()
    await ended
    this.deliver()
    clearInterval(this.#ticker)
    this.#ticker = undefined
    this.native.hangUp()
    this.#staff.leavePanels()
    deskHere()?.homes.delete(this)
    this.#changes.happened()
  }

  up(host: Host): void {
    this.#staff.up(host)
  }

  message(host: Host, message: ToHome): void {
    switch (message.t) {
      case 'result':
        if (message.to === null) this.results.put(message.job, message.index, message.value, message.bytes)
        else this.#staff.at(message.to)?.post(message as Extract<ToHome, { t: 'result' }>)
        break
      case 'parcel':
        this.#parcels.give(message.id, message.values, host)
        break
      case 'drop':
        this.#parcels.drop(message.ids, host)
        break
      case 'freight':
        this.#parcels.handOver(message.id, host)
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
        this.#broadcasts.send(call, { hosts: this.#staff.serving(), sticky, done })
        break
      }
      case 'idle':
        this.#staff.dismiss(host)
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

  stuck(host: Host): boolean {
    return this.#staff.writeOff(host)
  }

  ended(host: Host): void {
    this.#staff.forget(host)
  }

  gone(host: Host, verdict: Verdict, failure: unknown): void {
    this.#parcels.orphan(host)
    this.rings.pull(this.#staff.bury(host, verdict, failure))
    this.#loads.gone(host, failure === undefined && !host.stopped ? verdict : undefined)
    this.#broadcasts.gone(host, verdict)
    this.deliver()
    this.#changes.happened()
    this.#staff.startWanted()
  }

  /** Something has come for this thread: results, news of native work, rings that native code owes, a wish for workers or for their threads. */
  look(): void {
    this.deliver()
    this.lookAlso?.()
    this.rings.rest()
    this.#staff.startWanted()
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
    if (this.#isQuiet) return this.#rest()
    const packed = answered(this.native.tick())
    this.rings.pull(packed & ~KILLS)
    this.rings.rest()
    if ((packed & KILLS) !== 0) {
      for (const { slot, epoch } of this.native.takeKills()) {
        const host = this.#staff.at(slot)
        if (host?.epoch !== epoch) continue
        log('worker %d is stopped: its item did not end when asked', slot)
        host.kill()
      }
    }
    this.deliver()
    this.retryRefused()
    this.lookAtMemory()
    this.#staff.startWanted()
  }

  /** Nothing of this thread is open, and no worker still runs what it was told to stop. */
  get #isQuiet(): boolean {
    return this.openJobs === 0 && this.native.quiet()
  }

  /** The ticks end with the first one that finds nothing to do: to end them with each lone call, and begin them with the next, took a seventh of its time. */
  #rest(): void {
    clearInterval(this.#ticker)
    this.#ticker = undefined
    this.#changes.happened()
  }

  /** Resolves when nothing is open, queued or running, or when that has been ended. */
  async quiet(): Promise<void> {
    while (this.#ticker !== undefined && !this.#isQuiet) await this.#changes.next()
  }

  #stray({ slot: worker }: Host, error: unknown, name: string | null, fatal: boolean): void {
    workerStrayed({ pool: this.settings.name, worker, name: name ?? undefined, fatal, error })
    reportStray(error, name, fatal, worker)
  }
}
