// Runs items on the calling thread, several in flight: the lane of async functions, which wait more than they compute.

import { standAt } from '../call-site.ts'
import { callAs, TaskContext, type ContextPart } from '../context.ts'
import { TimeoutError } from '../errors.ts'
import { patience, type Timed } from '../patience.ts'
import { isThenable, mute } from '../thenable.ts'
import { Flight, type Tower } from './flight.ts'
import { HoldWatch, now } from './held.ts'
import { callerOf, type Caller, type Fn } from './call.ts'
import type { Lane, LaneSink } from './lane.ts'
import type { Tally } from '../ledger/tally.ts'
import type { LaneSettings } from './settings.ts'
import { BLANK, FRACTIONAL_ZERO, keepHiddenClass } from '../hidden-class.ts'

const defaultConcurrency = 32
/** Ms from one start to the next which are brisk: so few that the next ones may share a look at the clock. */
const briskMs = 0.02
/** And ms from a look that was shared to the next one, after which more may share that. */
const sharedMs = 1.3
const then = Promise.prototype.then
const { nextTick } = process

/** Opens a lane that calls `fn` itself, in the async context of whoever pushes. */
export function openCallerLane(fn: Fn, settings: LaneSettings, sink: LaneSink): Lane {
  return new CallerLane(fn, settings, sink)
}

class CallerLane implements Lane, Tower, Timed {
  static {
    keepHiddenClass(new CallerLane(BLANK, {} as LaneSettings, BLANK))
  }

  readonly name = 'caller'
  startedAt: number | undefined
  readonly #watch: HoldWatch | undefined
  readonly #fn: Fn
  readonly #call: Caller
  readonly #settings: LaneSettings
  readonly #tally: Tally
  readonly #part: ContextPart
  readonly #sink: LaneSink
  readonly #limit: number
  readonly #timeout: number | undefined
  // No attempt that has a limit began earlier.
  #earliest = Infinity
  // Those that fly come first, so many; the others wait for an item.
  readonly #flights: Flight[] = []
  #flying = 0
  // Failed items of which the engine has not said whether they run again; they keep their places.
  readonly #failed = new Map<number, Flight>()
  #closed = false
  #full = false
  // The time at the last look, 0 where the next push is to look, and whether those that follow may share it.
  #at = FRACTIONAL_ZERO
  #brisk = false

  constructor(fn: Fn, settings: LaneSettings, sink: LaneSink) {
    const { use, metadata, id, name, timeout, concurrency = defaultConcurrency } = settings
    // In sequential mode everything is here because somebody wants it here.
    this.#watch = settings.sequential ? undefined : new HoldWatch(fn, name)
    this.#fn = fn
    this.#call = callerOf(settings)
    this.#settings = settings
    this.#tally = settings.tally
    this.#part = { use, metadata, id, name, worker: null }
    this.#sink = sink
    this.#limit = concurrency
    this.#timeout = timeout
    if (timeout !== undefined) patience.watch(this)
  }

  get state(): 'queued' | 'running' {
    return this.startedAt === undefined ? 'queued' : 'running'
  }

  get ahead(): number {
    return this.#limit
  }

  get weight(): number {
    return 0
  }

  room(): number {
    const room = this.#limit - this.#flying - this.#failed.size
    this.#full = room <= 0
    return room
  }

  push(index: number, item: unknown): void {
    this.#tally.total++
    const flight = this.#nextFlight()
    flight.index = index
    flight.item = item
    flight.attempt = 0
    flight.pushedAt = this.#now((flight.timed = this.#tally.isTimed()))
    this.#start(flight, flight.pushedAt)
  }

  // A look takes a quarter of all that a call does here. One in some dozens is timed, and so has a look of its own; those that begin before the event loop goes
  // on share it, as long as they follow one another so fast that it does not matter.
  #now(timed: boolean): number {
    if (this.#brisk && !timed && this.#at !== 0) return this.#at
    const at = now()
    if (this.#at === 0) nextTick(this.#passed)
    else this.#brisk = at - this.#at < (this.#brisk ? sharedMs : briskMs)
    return (this.#at = at)
  }

  // All that could run has run.
  readonly #passed = (): void => {
    this.#at = 0
  }

  flush(): void {
    // Every item starts when it is pushed.
  }

  again(index: number): void {
    const flight = this.#failed.get(index)
    if (flight === undefined) return
    this.#failed.delete(index)
    this.#tally.retried++
    flight.timed = this.#tally.isTimed()
    this.#putNext(flight)
    this.#start(flight, now())
  }

  forget(index: number): void {
    const flight = this.#failed.get(index)
    if (flight === undefined) return
    this.#failed.delete(index)
    this.#lost(flight)
    flight.item = undefined
    this.#flights.push(flight)
  }

  abort(reason: unknown): void {
    this.#closed = true
    this.#tally.cancelled += this.#flying
    for (const flight of this.#failed.values()) this.#lost(flight)
    const stopping = this.#flights.splice(0, this.#flying)
    this.#flying = 0
    for (const flight of stopping) flight.giveUp()
    for (const flight of stopping) TaskContext.stop(flight.task as TaskContext, reason)
  }

  close(): void {
    this.#closed = true
    this.#tally.jobEnded()
    if (this.#timeout !== undefined) patience.forget(this)
    this.#failed.clear()
    this.#flights.length = this.#flying
  }

  // Of those that wait, the last that landed.
  #nextFlight(): Flight {
    if (this.#flying === this.#flights.length) this.#flights.push(new Flight(this))
    return this.#flights[this.#flying] as Flight
  }

  #putNext(flight: Flight): void {
    if (this.#flying < this.#flights.length) this.#flights.push(this.#flights[this.#flying] as Flight)
    this.#flights[this.#flying] = flight
  }

  // Starts the item of the flight that is next.
  #start(flight: Flight, at: number): void {
    flight.attempt++
    flight.task = new TaskContext(this.#part, flight.attempt)
    flight.seat = this.#flying++
    flight.startedAt = at
    flight.late = false
    this.startedAt ??= at
    this.#watch?.begin(at)
    let answer: unknown
    let pending = false
    try {
      answer = callAs(this.#fn, flight, this.#call)
      pending = isThenable(answer)
    } catch (error) {
      if (flight.timed) this.#held(now() - at)
      if (flight.open) this.crashed(flight, error)
      return
    }
    if (flight.timed) this.#held(now() - at)
    // The function may have ended its own job.
    if (!flight.open) return mute(answer)
    if (!pending) return this.landed(flight, answer)
    if (this.#timeout !== undefined) this.#limitTime(flight)
    if (answer instanceof Promise) then.call(answer, flight.onValue, flight.onError)
    else Promise.resolve(answer).then(flight.onValue, flight.onError)
  }

  // A call has returned, after so many ms on this thread.
  #held(ms: number): void {
    if (ms > briskMs) this.#brisk = false
    this.#watch?.note(ms)
  }

  landed(flight: Flight, value: unknown): void {
    const { index } = flight
    this.#leave(flight)
    this.#tally.completed++
    if (flight.timed) this.#tally.ran(now() - flight.startedAt, flight.attempt === 1)
    flight.item = undefined
    this.#sink.value(index, value)
    this.#tellRoom()
  }

  crashed(flight: Flight, error: unknown): void {
    const { index, attempt, pushedAt, startedAt, late } = flight
    const at = now()
    this.#leave(flight)
    if (!late) this.#tally.ran(at - startedAt, attempt === 1)
    if (this.#settings.retries.times > 0) this.#keep(flight)
    else {
      this.#lost(flight)
      flight.item = undefined
    }
    this.#sink.error(index, error, { attempt, queuedMs: startedAt - pushedAt, ranMs: at - startedAt, worker: null })
    this.#tellRoom()
  }

  #limitTime(flight: Flight): void {
    flight.since = patience.begin()
    if (flight.since < this.#earliest) this.#earliest = flight.since
  }

  /** Ends the attempts that are over their time. */
  look(): boolean {
    const limit = this.#timeout as number
    if (patience.isOver(this.#earliest, limit)) {
      this.#earliest = Infinity
      const late: Flight[] = []
      for (let seat = 0; seat < this.#flying; seat++) {
        const flight = this.#flights[seat] as Flight
        if (patience.isOver(flight.since, limit)) late.push(flight)
        else if (flight.since < this.#earliest) this.#earliest = flight.since
      }
      // What one of them leads to may end others.
      for (const flight of late) if (flight.open) this.#late(flight)
    }
    return this.#flying > 0
  }

  // Code cannot be stopped here: the attempt fails, its signal aborts, and whatever it still does is nobody's.
  #late(flight: Flight): void {
    const { timeout, name, site, unit = 'item' } = this.#settings
    const error = standAt(
      new TimeoutError(`'${name}' (${unit} ${flight.index}) did not end within its timeout of ${timeout} ms`),
      site,
    )
    flight.giveUp()
    const successor = flight.successor()
    successor.late = true
    this.#flights[flight.seat] = successor
    this.crashed(successor, error)
    TaskContext.stop(flight.task as TaskContext, error)
  }

  // The item's last attempt has failed.
  #lost({ late }: Flight): void {
    if (late) this.#tally.timedOut++
    else this.#tally.failed++
  }

  // The last one that flies takes its seat: cheaper than a set.
  #leave(flight: Flight): void {
    const { seat } = flight
    const last = this.#flights[--this.#flying] as Flight
    if (last === flight) return
    this.#flights[seat] = last
    last.seat = seat
    this.#flights[this.#flying] = flight
  }

  // It has just landed, and may run again: it is not to get another item meanwhile.
  #keep(flight: Flight): void {
    this.#failed.set(flight.index, flight)
    const last = this.#flights.pop() as Flight
    if (last !== flight) this.#flights[this.#flying] = last
  }

  #tellRoom(): void {
    if (!this.#full || this.#closed) return
    this.#full = false
    this.#sink.room()
  }
}
