/** Sorting by keys: they are read here, in slices; native threads find the order; and the items are put into it here. */
import { addon } from '../binding.ts'
import type { Steps } from '../native/work.ts'
import { readKeys } from './keys.ts'
import type { SortSettings } from './options.ts'

/** Items moved between two looks at the clock. */
const SLICE = 16_384

/** Fills `into` with the items in order. */
export async function sortByKeys<Into extends { [index: number]: unknown }>(
  steps: Steps,
  items: ArrayLike<unknown>,
  length: number,
  settings: SortSettings,
  into: (length: number) => Into,
): Promise<Into> {
  const order = new addon.NativeOrder(steps.port().lane)
  try {
    await steps.admitted(order)
    const columns: number[] = []
    for (const key of settings.keys) columns.push(...(await readKeys(steps, order, items, length, key)))
    const indexes = new Uint32Array(length)
    order.start(columns, new Uint8Array(indexes.buffer))
    while (!order.take()) await steps.news(order)
    return await place(steps, items, indexes, into(length))
  } finally {
    order.cancel()
  }
}

async function place<Into extends { [index: number]: unknown }>(
  steps: Steps,
  items: ArrayLike<unknown>,
  indexes: Uint32Array,
  into: Into,
): Promise<Into> {
  for (let from = 0; from < indexes.length; from += SLICE) {
    const pause = steps.breathe()
    if (pause !== undefined) await pause
    const to = Math.min(indexes.length, from + SLICE)
    for (let i = from; i < to; i++) into[i] = items[indexes[i] as number]
  }
  return into
}
