// Runs items on the calling thread, several in flight: the lane of async functions, which wait more than they compute.

import { TimeoutError } from '../errors.ts'
import { TaskContext, taskStorage, type ContextPart, type TaskCell } from '../context.ts'
import { noteHeld, now } from './held.ts'
import type { Lane, LaneSink } from './lane.ts'
import type { LaneSettings } from './settings.ts'

type Fn = (...args: unknown[]) => unknown

const defaultConcurrency = 32
const then = Promise.prototype.then

/** Opens a lane that calls `fn` itself, in the async context of whoever pushes. */
export function openCallerLane(fn: Fn, settings: LaneSettings, sink: LaneSink): Lane {
  return new CallerLane(fn, settings, sink)
}

/** One item in flight. Flights are reused: their handlers cost as much as the call. */
class Flight implements TaskCell {
  readonly lane: CallerLane
  index = 0
  item: unknown = undefined
  task: TaskContext | undefined = undefined
  pushedAt = 0
  startedAt = 0
  attempt = 0
  timer: NodeJS.Timeout | undefined = undefined
  // A flight that was given up (by timeout) is never reused, so a late answer finds it closed.
  open = true

  constructor(lane: CallerLane) {
    this.lane = lane
  }

  readonly onValue = (value: unknown): void => {
    if (this.open) this.lane.landed(this, value)
  }

  readonly onError = (error: unknown): void => {
    if (this.open) this.lane.crashed(this, error)
  }
}

export class CallerLane implements Lane {
  readonly name = 'caller'
  startedAt: number | undefined
  readonly #fn: Fn
  readonly #settings: LaneSettings
  readonly #part: ContextPart
  readonly #sink: LaneSink
  readonly #limit: number
  readonly #keeps: boolean
  readonly #idle: Flight[] = []
  readonly #flying = new Set<Flight>()
  // Failed items of which the engine has not said whether they run again.
  readonly #failed = new Map<number, Flight>()
  #closed = false
  #full = false

  constructor(fn: Fn, settings: LaneSettings, sink: LaneSink) {
    const { use, metadata, id, name, concurrency = defaultConcurrency, retries } = settings
    this.#fn = fn
    this.#settings = settings
    this.#part = { use, metadata, id, name, worker: null }
    this.#sink = sink
    this.#limit = concurrency
    this.#keeps = retries.times > 0
  }

  get state(): 'queued' | 'running' {
    return this.startedAt === undefined ? 'queued' : 'running'
  }

  room(): number {
    const room = this.#limit - this.#flying.size - this.#failed.size
    this.#full = room <= 0
    return room
  }

  push(index: number, item: unknown): void {
    const flight = this.#idle.pop() ?? new Flight(this)
    flight.index = index
    flight.item = item
    flight.attempt = 0
    flight.pushedAt = now()
    this.#start(flight)
  }

  flush(): void {}

  again(index: number): void {
    const flight = this.#failed.get(index)
    if (flight === undefined) return
    this.#failed.delete(index)
    this.#start(flight)
  }

  forget(index: number): void {
    const flight = this.#failed.get(index)
    if (flight === undefined) return
    this.#failed.delete(index)
    this.#free(flight)
  }

  abort(reason: unknown): void {
    this.#closed = true
    for (const flight of this.#flying) {
      this.#giveUp(flight)
      TaskContext.stop(flight.task as TaskContext, reason)
    }
    this.#flying.clear()
  }

  close(): void {
    this.#closed = true
    this.#failed.clear()
    this.#idle.length = 0
  }

  #start(flight: Flight): void {
    const { timeout, name } = this.#settings
    flight.attempt++
    flight.task = new TaskContext(this.#part, flight.attempt)
    this.#flying.add(flight)
    flight.startedAt = now()
    this.startedAt ??= flight.startedAt
    let answer: unknown
    try {
      answer = taskStorage.run(flight, this.#call, flight)
    } catch (error) {
      noteHeld(this.#fn, name, now() - flight.startedAt)
      if (flight.open) this.crashed(flight, error)
      return
    }
    noteHeld(this.#fn, name, now() - flight.startedAt)
    // The function may have ended its own job.
    if (!flight.open) return mute(answer)
    if (!isThenable(answer)) return this.landed(flight, answer)
    if (timeout !== undefined) flight.timer = setTimeout(this.#late, timeout, flight)
    follow(answer, flight)
  }

  readonly #call = (flight: Flight): unknown => {
    const { item, index, task } = flight
    switch (this.#settings.shape) {
      case 'item':
        return this.#fn(item, index, task)
      case 'spread':
        return this.#fn(...(item as unknown[]), index, task)
      case 'arguments':
        return this.#settings.addContext ? this.#fn(...(item as unknown[]), task) : this.#fn(...(item as unknown[]))
    }
  }

  /** The item has its value. */
  landed(flight: Flight, value: unknown): void {
    const { index } = flight
    this.#leave(flight)
    this.#free(flight)
    this.#sink.value(index, value)
    this.#tellRoom()
  }

  /** The attempt has failed. */
  crashed(flight: Flight, error: unknown): void {
    const { index, attempt, pushedAt, startedAt } = flight
    this.#leave(flight)
    if (this.#keeps) this.#failed.set(index, flight)
    else this.#free(flight)
    this.#sink.error(index, error, { attempt, queuedMs: startedAt - pushedAt, ranMs: now() - startedAt, worker: null })
    this.#tellRoom()
  }

  // Code cannot be stopped here: the attempt fails, its signal aborts, and whatever it still does is nobody's.
  readonly #late = (flight: Flight): void => {
    const { timeout, name } = this.#settings
    const error = new TimeoutError(`${name} ran longer than its timeout of ${timeout} ms`)
    const task = flight.task as TaskContext
    const next = new Flight(this)
    next.index = flight.index
    next.item = flight.item
    next.attempt = flight.attempt
    next.pushedAt = flight.pushedAt
    next.startedAt = flight.startedAt
    this.#giveUp(flight)
    this.#flying.delete(flight)
    this.crashed(next, error)
    TaskContext.stop(task, error)
  }

  #giveUp(flight: Flight): void {
    flight.open = false
    flight.item = undefined
    clearTimeout(flight.timer)
  }

  #leave(flight: Flight): void {
    this.#flying.delete(flight)
    if (flight.timer !== undefined) {
      clearTimeout(flight.timer)
      flight.timer = undefined
    }
  }

  #free(flight: Flight): void {
    flight.item = undefined
    if (!this.#closed) this.#idle.push(flight)
  }

  #tellRoom(): void {
    if (!this.#full || this.#closed) return
    this.#full = false
    this.#sink.room()
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === 'function'
}

function follow(answer: PromiseLike<unknown>, flight: Flight): void {
  if (answer instanceof Promise) then.call(answer, flight.onValue, flight.onError)
  else Promise.resolve(answer).then(flight.onValue, flight.onError)
}

// The rejection of a task nobody waits for any more is not an unhandled one.
function mute(answer: unknown): void {
  if (isThenable(answer)) Promise.resolve(answer).then(undefined, () => {})
}
