/** What a worker must know to run a job, as JSON text that it fetches once: which function, how it is called, what goes with it. */
import type { CallShape } from '../lanes/lane.ts'
import type { Shipment } from '../shipping/ship.ts'
import type { SentUse } from '../shipping/use.ts'

/** An export of a module, which the worker imports. */
export interface ModuleFunction {
  readonly kind: 'module'
  readonly url: string
  readonly name: string
}

export type FunctionSource = ModuleFunction | Shipment

/** Functions of the language and of Node know nothing of contexts, whatever they declare: `Math.max` has two parameters by its own account. */
export function isBuiltIn(source: FunctionSource): boolean {
  return source.kind === 'module' ? source.url.startsWith('node:') : source.kind === 'path'
}

export interface Recipe {
  readonly fn: FunctionSource
  readonly name: string
  /** The job's id; of coalesced calls the part before the call's own number. */
  readonly id: string
  /** Every item is a call of its own, numbered by its index. */
  readonly calls: boolean
  /** The index of item 0: the scheduler counts in 32 bits, which an endless map outgrows. */
  readonly base: number
  /** `bare`: the arguments and never a context. */
  readonly shape: CallShape | 'bare'
  /** The parcel with `use` and `metadata`; 0 when both are empty. */
  readonly extras: number
  /** Ms by which each attempt is to take longer. */
  readonly delay: number
  /** Its items are elements of shared memory. `direct`: so are its results, as far as they can be. */
  readonly elements?: { readonly kind: string; readonly direct: boolean } | undefined
  /** Nobody wants the results. */
  readonly drops: boolean
}

/** What the extras parcel holds. */
export interface Extras {
  readonly use: SentUse
  readonly metadata: unknown
}
