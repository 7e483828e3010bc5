/** Whether a map's items may be read by workers where they stand. */
import { MOST_ELEMENTS } from './lane.ts'
import type { Elements } from './lane.ts'
import type { Numbers } from './kinds.ts'

export function elementsOf(items: unknown, results: Numbers): Elements | undefined {
  return results.length > MOST_ELEMENTS ? undefined : { items: items as NodeJS.TypedArray, results }
}
