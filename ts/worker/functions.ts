/** The functions this worker runs: compiled from source or imported from their module, once each. */
import { unwrapParcel } from '../codec/parcel.ts'
import { slowed } from '../delays.ts'
import { LoadError, NotCloneableError } from '../errors.ts'
import { wordsOf } from '../errors/words.ts'
import { importFunction } from '../import-function.ts'
import { rawTask } from '../module-functions.ts'
import { assemble } from '../shipping/assemble.ts'
import { assembleUse } from '../shipping/use.ts'
import { answered } from '../thread-end.ts'
import type { Extras, FunctionSource, ModuleFunction, Recipe } from '../pool/recipe.ts'
import type { Seat } from '../binding.ts'
import type { Loads } from './loads.ts'
import type { Parcels } from './parcels.ts'
import { Missing } from './missing.ts'
import type { Shares } from './shares.ts'
import { whenSettled } from './when-settled.ts'

export type AnyFunction = (...args: unknown[]) => unknown

/** A recipe made ready. */
export interface Prepared {
  readonly fn: AnyFunction
  readonly name: string
  readonly id: string
  readonly calls: boolean
  readonly base: number
  readonly shape: Recipe['shape']
  readonly drops: boolean
  readonly elements?: Recipe['elements']
  readonly use: unknown
  readonly metadata: unknown
}

/** Recipes kept ready; a job's recipe is used again by every claim of it. */
const KEPT = 256
const nothing: Readonly<Record<string, never>> = Object.freeze({})

export class Functions {
  readonly #seat: Seat
  readonly #parcels: Parcels
  readonly #shares: Shares
  readonly #loads: Loads
  /** The process's main module. */
  readonly main: string | undefined
  readonly #ready = new Map<number, Prepared | Promise<Prepared>>()
  readonly #loaded = new Map<string, AnyFunction | Promise<AnyFunction>>()

  constructor(seat: Seat, parcels: Parcels, shares: Shares, loads: Loads, main: string | undefined) {
    this.#shares = shares
    this.#seat = seat
    this.#parcels = parcels
    this.#loads = loads
    this.main = main
  }

  /** The function of a recipe: at once if it can be, else when its module or its parcel has come. Rejects or throws if it cannot be had. */
  get(id: number): Prepared | Promise<Prepared> {
    const ready = this.#ready.get(id)
    if (ready !== undefined) return ready
    const prepared = this.#prepare(id)
    this.#keep(id, prepared)
    if (prepared instanceof Promise) {
      void whenSettled(
        prepared,
        (done) => this.#ready.set(id, done),
        () => this.#ready.delete(id),
      )
    }
    return prepared
  }

  /** Where the function of a recipe comes from, for messages. */
  whence(id: number): string {
    const fn = (JSON.parse(this.#seat.recipe(id) ?? '{}') as Partial<Recipe>).fn
    return fn?.kind === 'module' ? fn.url : 'a function'
  }

  #keep(id: number, prepared: Prepared | Promise<Prepared>): void {
    if (this.#ready.size >= KEPT) this.#ready.delete(this.#ready.keys().next().value as number)
    this.#ready.set(id, prepared)
  }

  #prepare(id: number): Prepared | Promise<Prepared> {
    const text = answered(this.#seat.recipe(id))
    // Only a job that was settled meanwhile has no recipe: whatever comes of this item, nobody waits for it.
    if (text === null) throw new LoadError('the job has ended')
    const recipe = JSON.parse(text) as Recipe
    const fn = this.load(recipe.fn, recipe.name)
    if (recipe.extras !== 0 && !this.#parcels.has(recipe.extras)) {
      return whenSettled(this.#parcels.arrival(recipe.extras), async () => this.#dressed(recipe, await fn), unreceived)
    }
    if (!(fn instanceof Promise)) return this.#dressed(recipe, fn)
    return whenSettled(fn, (loaded) => this.#dressed(recipe, loaded))
  }

  /** What is shared in `use` may come after it. */
  #dressed(recipe: Recipe, fn: AnyFunction): Prepared | Promise<Prepared> {
    try {
      return this.#dress(recipe, fn)
    } catch (error) {
      if (!Missing.is(error)) throw error
      return whenSettled(this.#parcels.arrival(error.id), () => this.#dressed(recipe, fn), unreceived)
    }
  }

  #dress(recipe: Recipe, loaded: AnyFunction): Prepared {
    const { name, id, calls, base, shape, drops, elements } = recipe
    const fn = slowed(loaded, recipe.delay)
    if (recipe.extras === 0) {
      return { fn, name, id, calls, base, shape, drops, elements, use: nothing, metadata: nothing }
    }
    const extras = this.#parcels.get(recipe.extras) as Extras
    const use = { ...extras.use, value: unwrapParcel(extras.use.value, this.#shares.get) }
    return {
      fn,
      name,
      id,
      calls,
      base,
      shape,
      drops,
      elements,
      use: assembleUse(use, this.main),
      metadata: unwrapParcel(extras.metadata),
    }
  }

  /** Loads a function; the same source gives the same function. */
  load(source: FunctionSource, name: string): AnyFunction | Promise<AnyFunction> {
    const key = JSON.stringify(source)
    let loaded = this.#loaded.get(key)
    if (loaded === undefined) {
      loaded =
        source.kind === 'module'
          ? this.#loads.load(source.url, () => importTask(source))
          : (assemble(source, this.main, name) as AnyFunction)
      this.#loaded.set(key, loaded)
      if (loaded instanceof Promise) {
        void whenSettled(
          loaded,
          (fn) => this.#loaded.set(key, fn),
          () => this.#loaded.delete(key),
        )
      }
    }
    return loaded
  }
}

function unreceived(cause: unknown): never {
  throw new NotCloneableError(`use cannot be received in this worker: ${wordsOf(cause)}`, { path: 'use', cause })
}

/** A task's own function, where the export is a task. */
async function importTask(source: ModuleFunction): Promise<AnyFunction> {
  return rawTask(await importFunction(source)) as AnyFunction
}
