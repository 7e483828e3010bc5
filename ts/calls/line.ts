/** The calls of one function in one pool that need nothing special: where they gather to travel together. */
import { threadId } from 'node:worker_threads'
import type { FunctionMeter } from '../binding.ts'
import { Encoder } from '../codec/encoder.ts'
import type { Job } from '../job.ts'
import type { Hub } from '../pool/hub.ts'
import type { Recipe, FunctionSource } from '../pool/recipe.ts'
import { Convoy } from './convoy.ts'

let lines = 0

export class Line {
  readonly hub: Hub
  readonly name: string
  readonly meter: FunctionMeter
  /** What comes before the number in a call's id. */
  readonly prefix: string
  /** Fetched by workers; kept as long as the function can be called. */
  readonly recipe: number
  #open: Convoy | undefined
  #encoder: Encoder | undefined
  #calls = 0

  constructor(hub: Hub, source: FunctionSource, name: string, meter: FunctionMeter) {
    this.hub = hub
    this.name = name
    this.meter = meter
    this.prefix = `${threadId === 0 ? '' : `${threadId}.`}c${++lines}.`
    const recipe: Recipe = { fn: source, name, id: this.prefix, calls: true, shape: 'arguments', extras: 0 }
    this.recipe = hub.client.addRecipe(JSON.stringify(recipe))
  }

  /** `entry` is the function in whose caller the stack begins. */
  call(args: readonly unknown[], entry: (...args: never[]) => unknown): Job<unknown, unknown> {
    let convoy = this.#open
    if (convoy === undefined || convoy.isFull) {
      convoy?.depart()
      convoy = new Convoy(this, this.#encoder ?? new Encoder(), this.#calls, entry)
      this.#encoder = undefined
      this.#open = convoy
      queueMicrotask(convoy.depart)
    }
    // Numbers wrap with the index of an item; calls that are four billion apart do not meet.
    this.#calls = (this.#calls + 1) >>> 0
    return convoy.add(args)
  }

  /** A convoy has left: its encoder can serve the next. */
  departed(convoy: Convoy, encoder: Encoder): void {
    if (this.#open === convoy) this.#open = undefined
    this.#encoder = encoder
  }
}
