/** Calls that go to each worker: made between items, in the order in which they came, the sticky ones before the first item. */
import { types } from 'node:util'
import { dismantle } from '../codec/error-envelope.ts'
import { unwrapParcel } from '../codec/parcel.ts'
import { snapshotParcel } from '../codec/uncloneable.ts'
import { TaskContext, taskStorage } from '../context.ts'
import type { TaskCell } from '../context.ts'
import { LoadError, TaskError } from '../errors.ts'
import { wordsOf } from '../errors/words.ts'
import { callWith } from '../lanes/call.ts'
import type { AddressedCall } from '../pool/link.ts'
import { isThenable } from '../thenable.ts'
import type { Desk } from './desk.ts'
import type { AnyFunction } from './functions.ts'
import { whenSettled } from './when-settled.ts'

const nothing: Readonly<Record<string, never>> = Object.freeze({})

interface Waiting {
  readonly call: AddressedCall
  readonly sticky: boolean
  /** This worker started after the call was made: nobody waits for the answer. */
  readonly late: boolean
}

/** One that has begun: what its stray errors are traced back to. */
export class AddressedCell implements TaskCell {
  task: TaskContext | undefined
  readonly #fail: (error: unknown) => void
  #over = false

  constructor(task: TaskContext, fail: (error: unknown) => void) {
    this.task = task
    this.#fail = fail
  }

  /** `false` when it has ended already. */
  stray(error: unknown): boolean {
    if (this.#over) return false
    this.#fail(error)
    return true
  }

  /** The first end counts. */
  end(): boolean {
    const first = !this.#over
    this.#over = true
    return first
  }
}

export class Addressed {
  readonly #desk: Desk
  readonly #waiting: Waiting[] = []
  readonly #running = new Set<AddressedCell>()
  /** The function of the first is being loaded. */
  #loading: Waiting | undefined
  /** Why this worker cannot start. */
  #failure: { readonly error: unknown } | undefined
  #sticky = 0
  #settled: (() => void) | undefined

  constructor(desk: Desk) {
    this.#desk = desk
  }

  add(one: Waiting): void {
    this.#waiting.push(one)
    if (one.sticky) this.#sticky++
  }

  /** Something is underway: this worker must not leave. */
  get areUnderway(): boolean {
    return this.#running.size > 0 || this.#loading !== undefined || this.#waiting.length > 0
  }

  /** Makes the sticky calls that have come so far, and waits for them; throws what one of them throws that was made before this worker started. */
  async first(): Promise<void> {
    this.#desk.parcels.drain()
    this.run()
    while (this.#sticky > 0) await new Promise<void>((resolve) => (this.#settled = resolve))
    if (this.#failure !== undefined) throw this.#failure.error
  }

  /** Begins what can be begun. */
  run(): void {
    while (this.#loading === undefined) {
      const one = this.#waiting.shift()
      if (one === undefined) return
      let fn: AnyFunction | Promise<AnyFunction>
      try {
        fn = this.#desk.functions.load(one.call.fn, one.call.name)
      } catch (error) {
        this.#answer(one, { error, ranMs: 0 })
        continue
      }
      if (!(fn instanceof Promise)) {
        this.#begin(one, fn)
        continue
      }
      this.#loading = one
      void whenSettled(
        fn,
        (loaded) => this.#loaded(one, () => this.#begin(one, loaded)),
        (error: unknown) => this.#loaded(one, () => this.#answer(one, { error, ranMs: 0 })),
      )
    }
  }

  /** Nothing that could still come would settle them. */
  lose(): void {
    const why = 'the broadcast can never end: nothing that keeps an event loop alive is left'
    const loading = this.#loading
    if (loading !== undefined)
      this.#loaded(loading, () => this.#answer(loading, { error: new LoadError(why), ranMs: 0 }))
    for (const cell of this.#running)
      if (cell.task === undefined || !TaskContext.listened(cell.task)) cell.stray(new TaskError(why))
  }

  #loaded(one: Waiting, go: () => void): void {
    if (this.#loading !== one) return
    this.#loading = undefined
    go()
    this.run()
    this.#desk.turnSoon()
  }

  #begin(one: Waiting, fn: AnyFunction): void {
    const { id, name, bare, args } = one.call
    this.#desk.post({ t: 'calling', id })
    const began = performance.now()
    const part = { use: nothing, metadata: nothing, id, name, worker: this.#desk.slot }
    const cell = new AddressedCell(new TaskContext(part, 1), (error) => end({ error }))
    const end = (outcome: { value: unknown } | { error: unknown }): void => {
      if (!cell.end()) return
      this.#running.delete(cell)
      this.#answer(one, { ...outcome, ranMs: performance.now() - began })
      this.#desk.turnSoon()
    }
    this.#running.add(cell)
    const value = (result: unknown): void => end({ value: result })
    const error = (thrown: unknown): void => end({ error: thrown })
    try {
      const given = unwrapParcel(args, this.#desk.shares.get) as unknown[]
      const result = taskStorage.run(cell, () => (bare ? fn(...given) : callWith(fn, given, cell.task)))
      if (types.isPromise(result)) void whenSettled(result, value, error)
      else if (isThenable(result)) void whenSettled(Promise.resolve(result), value, error)
      else value(result)
    } catch (thrown) {
      error(thrown)
    }
  }

  #answer(
    { call, sticky, late }: Waiting,
    outcome: { ranMs: number } & ({ value: unknown } | { error: unknown }),
  ): void {
    if (sticky) {
      this.#sticky--
      this.#settled?.()
    }
    if (late) {
      if ('error' in outcome) this.#failure ??= { error: notStarted(call.name, outcome.error) }
      return
    }
    const { ranMs } = outcome
    const { slot } = this.#desk
    try {
      if ('error' in outcome) throw outcome.error
      const value = snapshotParcel(outcome.value, 'result')
      this.#desk.post({ t: 'called', id: call.id, answer: { slot, ranMs, value } })
    } catch (error) {
      this.#desk.post({ t: 'called', id: call.id, answer: { slot, ranMs, error: dismantle(error) } })
    }
  }
}

function notStarted(name: string, cause: unknown): LoadError {
  return new LoadError(`the sticky broadcast of '${name}' failed in a new worker: ${wordsOf(cause)}`, { cause })
}
