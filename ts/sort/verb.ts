/** From a call of `parSort` to a job: by keys on native threads, or by comparing in workers. */
import { types } from 'node:util'

import { captureCallSite } from '../call-site.ts'
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { alike, numbersOf } from '../native/kinds.ts'
import { startWork } from '../native/work.ts'
import { InPool } from '../options/in-pool.ts'
import type { RunJob, TypedArray } from '../types.ts'
import { sortByComparing } from './by-comparing.ts'
import { sortByKeys } from './by-keys.ts'
import { normaliseSort } from './options.ts'

export function startSort(items: unknown, options: unknown, entry: (...args: never[]) => unknown): RunJob<unknown> {
  return startWork('parSort', laneOf(options), entry, () => {
    const settings = normaliseSort(options)
    if (!Array.isArray(items) && !types.isTypedArray(items))
      throw new OptionError(`parSort: items must be an array or a typed array, got ${describe(items)}`)
    const into = makerFor(items)
    const { length } = items
    if (settings.compare !== undefined) {
      const site = captureCallSite(entry)
      return { settings, body: (steps) => sortByComparing(steps, items, settings, into, site) }
    }
    return { settings, body: (steps) => sortByKeys(steps, items, length, settings, into) }
  })
}

function laneOf(options: unknown): 'workers' | 'native' {
  const given = InPool.is(options) ? options.options : options
  try {
    return typeof (given as { compare?: unknown } | undefined | null)?.compare === 'function' ? 'workers' : 'native'
  } catch {
    // What cannot be read is told by whoever reads it with care.
    return 'native'
  }
}

function makerFor(items: unknown[] | TypedArray): (length: number) => { [index: number]: unknown } {
  if (Array.isArray(items)) return emptyList
  const numbers = numbersOf('parSort', items)
  return () => alike(numbers) as unknown as { [index: number]: unknown }
}

/** Its places are filled one by one; to fill all of them first would hold this thread. */
function emptyList(length: number): unknown[] {
  const list: unknown[] = []
  list.length = length
  return list
}
