// What a lane is opened with, beside the function: the call's settings, its labels, and how the function is called.

import type { CallSite } from '../call-site.ts'
import type { Elements } from '../elements/lane.ts'
import type { Tally } from '../ledger/tally.ts'
import type { CallSettings } from '../options/settings.ts'
import type { CallShape } from './lane.ts'

export interface LaneSettings extends CallSettings {
  readonly id: string
  readonly name: string
  /** Where its items are counted. */
  readonly tally: Tally
  /** Where the verb was called. */
  readonly site: CallSite
  readonly shape: CallShape
  /** What an item is called in messages. @default 'item' */
  readonly unit?: 'item' | 'batch'
  /** For the shape `arguments`: whether the context follows them. */
  readonly addContext: boolean
  /** Items in flight; `undefined` is the lane's own default. */
  readonly concurrency: number | undefined
  /** Items per hand-off to a worker. */
  readonly chunk: number | 'auto'
  /** The consumer may never come back: the job keeps nothing alive while nothing of it runs. */
  readonly openEnded?: boolean
  /** Nobody sees a result before all of them are there. */
  readonly gathers?: boolean
  /** The items are a typed array's, and workers may read them where they stand. */
  readonly elements?: Elements | undefined
  /** Nobody wants the results: none is sent, so none can fail to be. */
  readonly drops?: boolean
}

/** What the paths of values that cannot cross begin with. */
export function rootOf({ shape, unit }: Pick<LaneSettings, 'shape' | 'unit'>): 'arguments' | 'items' | 'item' {
  if (shape === 'arguments') return 'arguments'
  return unit === 'batch' ? 'items' : 'item'
}
