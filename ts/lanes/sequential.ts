// Runs items on the calling thread, in order and one at a time, as they would have come back from workers.

import type { TaskContext } from '../context.ts'
import { isThenable } from '../thenable.ts'
import { callerOf, type Caller, type Fn } from './call.ts'
import { openCallerLane } from './caller.ts'
import type { Lane, LaneSink } from './lane.ts'
import { rootOf, type LaneSettings } from './settings.ts'

/** What crossing to a worker and back does to values. */
export interface Border {
  /** The copy a worker would get; for several arguments, their array. @throws NotCloneableError */
  into(item: unknown, what?: 'item' | 'items' | 'arguments' | 'use'): unknown
  /** The copy that would come back. @throws NotCloneableError */
  out(result: unknown): unknown
  /** The error that would come back. */
  failure(error: unknown): unknown
}

export interface SequentialPlan {
  /** The function itself, and the values of `use` as it would see them; looked for when the lane opens. What this throws ends the job. */
  readonly prepare: () => Prepared | Promise<Prepared>
  /** Where the function would have left the caller, the border its values cross. */
  readonly border: Border | undefined
}

export interface Prepared {
  readonly fn: Fn
  readonly use: object
  /** A function of the language, which is never given a context after its arguments. */
  readonly builtIn?: boolean
}

export function openSequentialLane(plan: SequentialPlan, settings: LaneSettings, sink: LaneSink): Lane {
  return new SequentialLane(plan, settings, sink)
}

class SequentialLane implements Lane {
  readonly name = 'caller'
  readonly #border: Border | undefined
  readonly #settings: LaneSettings
  readonly #sink: LaneSink
  #inner: Lane | undefined
  #closed = false

  constructor({ prepare, border }: SequentialPlan, settings: LaneSettings, sink: LaneSink) {
    this.#border = border
    this.#settings = settings
    this.#sink = sink
    const prepared = prepare()
    if (prepared instanceof Promise) prepared.then(this.#opens, this.#fails)
    else this.#open(prepared)
  }

  get state(): 'queued' | 'running' {
    return this.#inner?.state ?? 'queued'
  }

  get startedAt(): number | undefined {
    return this.#inner?.startedAt
  }

  get ahead(): number {
    return this.#inner?.ahead ?? 1
  }

  get weight(): number {
    return 0
  }

  room(): number {
    return this.#inner?.room() ?? 0
  }

  push(index: number, item: unknown): void {
    this.#inner?.push(index, this.#border === undefined ? item : this.#sent(item, this.#border))
  }

  #sent(item: unknown, border: Border): unknown {
    try {
      return border.into(item, rootOf(this.#settings))
    } catch (error) {
      this.#settings.tally.refused()
      throw error
    }
  }

  flush(): void {
    this.#inner?.flush()
  }

  again(index: number): void {
    this.#inner?.again(index)
  }

  forget(index: number): void {
    this.#inner?.forget(index)
  }

  abort(reason: unknown): void {
    this.#closed = true
    this.#inner?.abort(reason)
  }

  close(): void {
    this.#closed = true
    this.#inner?.close()
  }

  #open({ fn, use, builtIn = false }: Prepared): void {
    const { retries, drops = false } = this.#settings
    const border = this.#border && drops ? { ...this.#border, out: () => undefined } : this.#border
    const repeated = retries.times > 0
    const settings = { ...this.#settings, use, addContext: this.#settings.addContext && !builtIn }
    this.#inner =
      border === undefined
        ? openCallerLane(fn, settings, this.#sink)
        : openCallerLane(crossing(fn, callerOf(settings), border, repeated), { ...settings, shape: 'item' }, this.#sink)
  }

  readonly #opens = (prepared: Prepared): void => {
    if (this.#closed) return
    this.#open(prepared)
    this.#sink.room()
  }

  readonly #fails = (error: unknown): void => {
    if (!this.#closed) this.#sink.fail(error)
  }
}

// A repeated attempt gets a copy of its own, as a worker decodes its item anew.
function crossing(fn: Fn, call: Caller, border: Border, repeated: boolean): Fn {
  const failed = (error: unknown): never => {
    throw border.failure(error)
  }
  return (item, index, task) => {
    let answer: unknown
    try {
      answer = call(fn, {
        item: repeated ? border.into(item) : item,
        index: index as number,
        task: task as TaskContext,
      })
    } catch (error) {
      return failed(error)
    }
    return isThenable(answer) ? Promise.resolve(answer).then(border.out, failed) : border.out(answer)
  }
}
