/**
 * The worker's turn: claim, run, commit, and when there is nothing, sleep.
 *
 * A worker that always finds work still turns its event loop: after `TURN_MS`, or at once while an item awaits.
 */
import type { MessagePort } from 'node:worker_threads'
import { Encoder } from '../codec/encoder.ts'
import { bytesIn } from '../codec/freight.ts'
import { TaskError } from '../errors.ts'
import type { Seat } from '../binding.ts'
import type { PoolSettings } from '../options/settings.ts'
import { mailWord } from '../pool/memory.ts'
import type { Rings } from '../pool/memory.ts'
import { Addressed } from './addressed.ts'
import type { ToHome, ToWorker } from '../pool/link.ts'
import { answered } from '../thread-end.ts'
import { Claim, Inbox } from './claim.ts'
import { Frame } from './frame.ts'
import { Functions } from './functions.ts'
import type { Prepared } from './functions.ts'
import type { Guest } from './guest.ts'
import { Loads } from './loads.ts'
import type { Missing } from './missing.ts'
import { Outbox } from './outbox.ts'
import type { Output } from './output.ts'
import { Panel } from './panel.ts'
import { Parcels } from './parcels.ts'
import { Pending, failing } from './pending.ts'
import { Shares } from './shares.ts'
import { Recycling } from './recycling.ts'
import { Sleep } from './sleep.ts'

const TURN_MS = 2
const INBOX_BYTES = 132 * 1024
/** Inboxes kept for reuse: one for each of the few frames that usually overlap. */
const INBOXES = 4

/** How long a module that may end this worker waits for items that await. */
const ALONE_MS = 1000

const FRAME = 0
const SOON = 2
const GROW = 3
const LEAVE = 4
const DOOMED = 5

export interface DeskOptions {
  readonly pool: DeskPool
  readonly output: Output
  readonly seat: Seat
  readonly slot: number
  readonly epoch: number
  readonly panel: SharedArrayBuffer
  readonly rings: Rings
  readonly link: MessagePort
  readonly main: string | undefined
  readonly suspects: readonly string[]
  readonly idleTimeout: number
  readonly recycleAfter: PoolSettings['recycleAfter']
  readonly openGuest: (desk: Desk) => Guest
}

/** What a worker can tell of the pool it belongs to. */
export interface DeskPool {
  readonly name: string
  readonly workers: number
}

export class Desk {
  readonly pool: DeskPool
  readonly seat: Seat
  readonly slot: number
  readonly epoch: number
  readonly panel: Panel
  readonly rings: Rings
  readonly outbox: Outbox
  readonly link: MessagePort
  readonly parcels: Parcels
  readonly shares: Shares
  readonly loads: Loads
  readonly functions: Functions
  readonly addressed: Addressed = new Addressed(this)
  readonly encoders: Encoder[] = []
  /** The calls that tasks of this worker make; made with the first. */
  guest: Guest | undefined
  /** Pools that its tasks have opened: whoever wants something of their home wakes this worker. */
  readonly homes: Set<{ look(): void }> = new Set()
  readonly #output: Output
  readonly #mail: number
  readonly #openGuest: () => Guest
  readonly #sleep: Sleep
  readonly recycling: Recycling
  readonly #inboxes: Inbox[] = []
  readonly #frames = new Set<Frame>()
  readonly #pending: Pending
  readonly #whenAlone: (() => void)[] = []
  #isOpen = false
  #turning = false
  #scheduled = false

  constructor(options: DeskOptions) {
    this.#openGuest = () => options.openGuest(this)
    this.pool = options.pool
    this.#output = options.output
    this.seat = options.seat
    this.slot = options.slot
    this.epoch = options.epoch
    this.rings = options.rings
    this.#mail = mailWord(options.slot)
    this.link = options.link
    this.panel = new Panel(options.panel)
    this.outbox = new Outbox(this.panel, this.seat, this.rings)
    this.parcels = new Parcels(
      this.link,
      (message) => this.#hear(message),
      () => this.turnSoon(),
      (ids) => this.shares.drop(ids),
    )
    this.shares = new Shares(this.parcels)
    this.loads = new Loads({
      suspects: options.suspects,
      post: (message) => this.post(message),
      drain: () => this.parcels.drain(),
      alone: () => this.#alone(),
      changed: () => this.holdLoop(),
    })
    this.recycling = new Recycling(options.recycleAfter)
    this.functions = new Functions(this.seat, this.parcels, this.shares, this.loads, options.main)
    this.#pending = new Pending({
      functions: this.functions,
      loads: this.loads,
      parcels: this.parcels,
      changed: () => this.holdLoop(),
    })
    this.#sleep = new Sleep(this.seat, this.rings.words, this.slot, options.idleTimeout, this.turn, () =>
      this.post({ t: 'idle' }),
    )
  }

  /** This worker's pool, for calls that its tasks make. */
  guestHub(): Guest {
    return (this.guest ??= this.#openGuest())
  }

  #hear(message: Exclude<ToWorker, { t: 'parcel' | 'drop' }>): void {
    if (message.t === 'result') this.guest?.results.put(message.job, message.index, message.value, message.bytes)
    else if (message.t === 'suspect') return this.loads.suspect(message.url, message.is)
    else if (message.t === 'load') return this.loads.answer(message.url, message.refusal)
    else if (message.t === 'call') this.addressed.add(message)
    else if (message.t === 'answers') this.guest?.answered(message.id, message.answers)
    this.turnSoon()
  }

  /** `memory` is handed over. */
  post(message: ToHome, memory: ArrayBuffer[] = []): void {
    this.link.postMessage(message, memory)
  }

  /** Resolves when what an item needs is here. */
  arrival({ id, mustAsk }: Missing): Promise<void> {
    if (mustAsk) this.post({ t: 'freight', id })
    return this.parcels.arrival(id)
  }

  /** Posts a result that bytes cannot carry to the thread whose job it is. Before its record, so that it is there when the record is read. */
  postResult({ caller: to, job }: Claim, index: number, value: unknown, memory: ArrayBuffer[]): void {
    const bytes = bytesIn(memory)
    if (to === this.slot) this.guest?.results.put(job, index, structuredClone(value, { transfer: memory }), bytes)
    else this.post({ t: 'result', to, job, index, value, bytes }, memory)
  }

  /** Set up: from now on it claims. */
  open(): void {
    this.#isOpen = true
    this.turn()
  }

  /** Claims and runs until there is nothing, or until the event loop is due. */
  turn = (): void => {
    this.#scheduled = false
    if (this.#turning || !this.#isOpen) return
    this.#turning = true
    this.#sleep.end()
    try {
      this.#work()
    } finally {
      this.#turning = false
      this.holdLoop()
    }
  }

  /** A turn once the event loop comes round. */
  turnSoon(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(this.turn)
  }

  #work(): void {
    const until = performance.now() + TURN_MS
    for (;;) {
      this.#readMail()
      this.guest?.deliver()
      this.guest?.retryRefused()
      for (const home of this.homes) home.look()
      for (const frame of this.#frames) frame.passOnAsks()
      const inbox = this.#inboxes.pop() ?? new Inbox(INBOX_BYTES)
      const mark = this.#sleep.mark()
      this.outbox.close()
      const answer: number = answered(this.seat.claim(inbox.bytes, this.#awaiting))
      this.rings.pull(inbox.words[15] as number)
      if (answer === FRAME) {
        // What was posted before these items were submitted, and after the mail was read, comes before them.
        this.#readMail()
        this.#open(new Claim(inbox), inbox)
        if (this.#awaiting || performance.now() > until) {
          this.outbox.commit()
          this.turnSoon()
          return
        }
      } else if (answer === GROW) {
        this.#inboxes.push(new Inbox(inbox.words[0] as number))
      } else {
        this.#inboxes.push(inbox)
        if (answer === LEAVE) return this.addressed.areUnderway ? undefined : void this.#exit()
        if (answer === DOOMED) return
        if (this.#sleep.begin(mark, this.#awaiting, answer === SOON)) return
      }
    }
  }

  /** What was posted to be looked at before the next claim. */
  #readMail(): void {
    if (Atomics.load(this.rings.words, this.#mail) !== 0) {
      Atomics.store(this.rings.words, this.#mail, 0)
      this.parcels.drain()
    }
    this.addressed.run()
  }

  /** Some Node releases lose what a worker has printed and not posted when it exits. */
  async #exit(): Promise<void> {
    await this.#output.posted()
    process.exit(0)
  }

  /** Only what its own items wait for may be claimed. */
  get #awaiting(): boolean {
    return this.#frames.size > 0 || this.#pending.areExclusive
  }

  #alone(): Promise<void> {
    return new Promise((resolve) => {
      this.#whenAlone.push(resolve)
      setTimeout(resolve, ALONE_MS)
      this.#lookWhetherAlone()
    })
  }

  #lookWhetherAlone(): void {
    if (this.#whenAlone.length === 0 || this.#frames.size > 0 || !this.#pending.areSuspended) return
    for (const resolve of this.#whenAlone.splice(0)) resolve()
  }

  #open(claim: Claim, inbox: Inbox): void {
    let prepared: Prepared | Promise<Prepared>
    try {
      prepared = this.functions.get(claim.recipe)
    } catch (error) {
      prepared = failing(error)
    }
    const parcelMissing = claim.parcels !== 0 && !this.parcels.has(claim.parcels)
    if (prepared instanceof Promise || parcelMissing) void this.#openLater(claim, inbox, prepared)
    else this.#run(claim, inbox, prepared)
  }

  async #openLater(claim: Claim, inbox: Inbox, coming: Prepared | Promise<Prepared>): Promise<void> {
    const prepared = await this.#pending.ready(claim, coming, () => this.owns(claim, 0))
    this.#sleep.end()
    // It had not begun: siblings, or whoever cancelled it, may have taken it back, and its frame may be another claim's by now.
    if (this.owns(claim, 0)) this.#run(claim, inbox, prepared)
    else this.#keep(inbox)
    this.#lookWhetherAlone()
    this.turn()
  }

  #run(claim: Claim, inbox: Inbox, prepared: Prepared): void {
    const parcels = claim.parcels === 0 ? undefined : (this.parcels.get(claim.parcels) as unknown[])
    const frame = new Frame(this, claim, prepared, parcels)
    this.#owners.set(frame, inbox)
    frame.advance()
    if (!frame.over) this.#frames.add(frame)
  }

  readonly #owners = new Map<Frame, Inbox>()

  /** An awaiting item of `frame` has settled. */
  resumed(frame: Frame): void {
    this.#sleep.end()
    frame.advance()
    this.turnSoon()
  }

  /** Nothing of `frame` runs any more. */
  finished(frame: Frame): void {
    this.#frames.delete(frame)
    this.#lookWhetherAlone()
    const inbox = this.#owners.get(frame)
    this.#owners.delete(frame)
    if (inbox !== undefined) this.#keep(inbox)
  }

  #keep(inbox: Inbox): void {
    if (this.#inboxes.length < INBOXES) this.#inboxes.push(inbox)
  }

  /** Whether an item that has not begun is still this worker's, as the core has it. */
  owns(claim: Claim, item: number): boolean {
    return this.seat.contest(claim.frame, claim.id, item)
  }

  /** Ends this worker once nothing runs in it: what it has not begun goes to others, and until then it serves only what its own tasks wait for. */
  leave(): void {
    this.seat.retire()
    this.rings.pull(this.seat.giveBack())
    this.turnSoon()
  }

  /**
   * The event loop has nothing left to wait for but us: what still awaits can never settle.
   * The same finding that makes Node end a main thread with code 13.
   */
  lost(): void {
    this.#pending.lost()
    this.addressed.lose()
    for (const frame of this.#frames)
      frame.lose(
        () =>
          new TaskError(
            'the promise that the function returned can never settle: nothing that keeps an event loop alive is left',
          ),
      )
    this.link.ref()
  }

  /**
   * While items await, and during the set-up, only what these await may keep the loop alive; so its end proves that nothing will come. What they await from us
   * comes by the link.
   */
  holdLoop(): void {
    const mayBeLost =
      (!this.#isOpen || this.#awaiting || this.addressed.areUnderway) &&
      !this.parcels.areAwaited &&
      !this.loads.areAwaited &&
      (this.guest?.openJobs ?? 0) === 0 &&
      !this.#scheduled
    if (mayBeLost) this.link.unref()
    else this.link.ref()
  }
}
