// What a task knows about itself: the last argument of every function, and the same by `currentTask()` anywhere inside a call.

import { AsyncLocalStorage } from 'node:async_hooks'
import { BLANK, keepHiddenClass } from './hidden-class.ts'

/** What all items of one job in one place share. Made once, never changed. */
export interface ContextPart {
  readonly use: unknown
  readonly metadata: unknown
  readonly id: string
  readonly name: string
  /** The worker's slot, `null` on the caller. */
  readonly worker: number | null
}

/** Asks the lane whether an attempt is to stop: not (0), cancelled (1), or over its time (2). Read from loops, so it must be cheap. */
export type StopProbe = () => 0 | 1 | 2

const neverStopped: StopProbe = () => 0

/** The context of one attempt of one item. Everything costly is made on first read. */
export class TaskContext {
  static {
    keepHiddenClass(new TaskContext(BLANK, 1))
  }

  readonly #part: ContextPart
  #probe: StopProbe
  #controller: AbortController | undefined
  #stopped = false
  #kept = false
  #reason: unknown = undefined
  /** The attempt, from 1. */
  readonly attempt: number

  constructor(part: ContextPart, attempt: number, probe: StopProbe = neverStopped) {
    this.#part = part
    this.#probe = probe
    this.attempt = attempt
  }

  /** Aborts when the job is cancelled or this attempt is over its `timeout`. Made on first read. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.aborted) this.#controller.abort(this.#stopReason())
    }
    return this.#controller.signal
  }

  /** Whether this attempt is to stop; cheap, and readable from a loop that never returns to the event loop. */
  get aborted(): boolean {
    return this.#stopped || this.#probe() !== 0
  }

  /** The values given as the `use` option. */
  get use(): unknown {
    return this.#part.use
  }

  /** The label given as the `metadata` option. */
  get metadata(): unknown {
    return this.#part.metadata
  }

  /** The job's id. */
  get id(): string {
    return this.#part.id
  }

  /** The job's name. */
  get name(): string {
    return this.#part.name
  }

  /** The worker's slot, `null` on the caller. */
  get worker(): number | null {
    return this.#part.worker
  }

  // The platform's own defaults for a stop whose reason did not travel.
  #stopReason(): unknown {
    if (this.#stopped) return this.#reason
    return this.#probe() === 2 ? timedOut() : undefined
  }

  /** Whether somebody holds the signal: then an abort may still be what the task waits for. For lanes only. */
  static listened(context: TaskContext): boolean {
    return context.#controller !== undefined
  }

  /** Whether it can serve the next item of the same job: nobody waits inside this one any more, or holds its signal. For lanes only. */
  static untouched(context: TaskContext): boolean {
    return !context.#kept && !context.#stopped && context.#controller === undefined
  }

  /** Its item goes on after the function has returned: from now on it is that item's alone. For lanes only. */
  static keep(context: TaskContext, probe: StopProbe): void {
    context.#kept = true
    context.#probe = probe
  }

  /** Stops the attempt: `aborted` turns true and `signal`, if anybody holds it, aborts. For lanes only. */
  static stop(context: TaskContext, reason: unknown): void {
    if (context.#stopped) return
    context.#stopped = true
    context.#reason = reason
    context.#controller?.abort(reason)
  }
}

const timedOut = (): DOMException => new DOMException('The task ran longer than its timeout', 'TimeoutError')

/** Holds the running task. One cell serves many items where they do not interleave: the lane changes `task` between them. */
export interface TaskCell {
  task: TaskContext | undefined
}

/** The store behind `currentTask()`; workers run functions inside it. */
export const taskStorage: AsyncLocalStorage<TaskCell> = new AsyncLocalStorage()

/**
 * Whether functions on the calling thread run inside the store, too. Before Node.js 24 a store that has been used once makes every promise of the
 * process cost twice as much, whoever makes it; so there it is used from the first call of `currentTask()` on.
 */
let isFollowed = !('_enable' in AsyncLocalStorage.prototype)
/** Whose function is being called meanwhile. */
let calling: TaskCell | undefined

/** Calls a function of the task in `cell` on the calling thread, by way of `call`. */
export function callAs<F, C extends TaskCell, R>(fn: F, cell: C, call: (fn: F, cell: C) => R): R {
  if (isFollowed) return taskStorage.run(cell, call, fn, cell)
  const caller = calling
  calling = cell
  try {
    return call(fn, cell)
  } finally {
    calling = caller
    // It has asked, and from then on is followed; this thread is not.
    if (isFollowed) taskStorage.enterWith(undefined as never)
  }
}

/**
 * The context of the task this code runs in, `undefined` outside of one.
 *
 * On the calling thread, before Node.js 24, tasks are followed through their awaits from its first call on: one that was underway then and had not
 * called it before its first await does not find itself.
 */
export function currentTask(): TaskContext | undefined {
  const cell = taskStorage.getStore()
  if (cell !== undefined || isFollowed) return cell?.task
  isFollowed = true
  if (calling !== undefined) taskStorage.enterWith(calling)
  return calling?.task
}
