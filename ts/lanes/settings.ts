// What a lane is opened with, beside the function: the call's settings, its labels, and how the function is called.

import type { CallSite } from '../call-site.ts'
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
  /** For the shape `arguments`: whether the context follows them. */
  readonly addContext: boolean
  /** Items in flight; `undefined` is the lane's own default. */
  readonly concurrency: number | undefined
  /** Items per hand-off to a worker. */
  readonly chunk: number | 'auto'
  /** Nobody wants the results: none is sent, so none can fail to be. */
  readonly drops?: boolean
}
