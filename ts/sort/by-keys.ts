/** Sorting by keys: they are read here, in slices; native threads find the order; and the items are put into it here. */
import { addon } from '../binding.ts'
import { nextTurn } from '../native/turns.ts'
import type { Steps } from '../native/work.ts'
import { readKeys } from './keys.ts'
import type { SortSettings } from './options.ts'

/** Items moved between two looks at the clock. */
const SLICE = 16_384

type Order = InstanceType<typeof addon.NativeOrder>

/** Fills what `make` makes with the items in order. */
export async function sortByKeys<Into extends { [index: number]: unknown }>(
  steps: Steps,
  items: ArrayLike<unknown>,
  length: number,
  settings: SortSettings,
  make: (length: number) => Into,
): Promise<Into> {
  const order = new addon.NativeOrder(steps.port().lane)
  try {
    await steps.admitted(order)
    const columns: number[] = []
    for (const key of settings.keys) columns.push(...(await readKeys(steps, order, items, length, key)))
    order.start(columns)
    // A turn of its own, for a long list takes most of one; and now, because this thread would only wait.
    await nextTurn()
    const into = make(length)
    while (!order.take()) await steps.news(order)
    await place(steps, items, length, order, into)
    return into
  } finally {
    order.cancel()
  }
}

async function place<Into extends { [index: number]: unknown }>(
  steps: Steps,
  items: ArrayLike<unknown>,
  length: number,
  order: Order,
  into: Into,
): Promise<void> {
  // A small window on the order: fresh memory for all of it would cost as much as the moving.
  const indexes = new Uint32Array(Math.min(length, SLICE))
  for (let from = 0; from < length; from += SLICE) {
    const pause = steps.breathe()
    if (pause !== undefined) await pause
    const count = Math.min(SLICE, length - from)
    order.indexes(from, new Uint8Array(indexes.buffer, 0, count * 4))
    for (let i = 0; i < count; i++) into[from + i] = items[indexes[i] as number]
  }
}
