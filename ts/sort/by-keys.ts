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
  // A small window on the moves: fresh memory for all of them would cost as much as the moving.
  const moves = new Uint32Array(2 * Math.min(length, SLICE))
  for (let first = 0; first < length; first += SLICE) {
    const pause = steps.breathe()
    if (pause !== undefined) await pause
    const count = Math.min(SLICE, length - first)
    order.moves(first, new Uint8Array(moves.buffer, 0, count * 8))
    move(items, into, moves, count)
  }
}

/** The native threads have put the moves into such an order that what is near in time is near in memory too. */
function move(items: ArrayLike<unknown>, into: { [index: number]: unknown }, moves: Uint32Array, count: number): void {
  for (let i = 0; i < 2 * count; i += 2) into[moves[i + 1] as number] = items[moves[i] as number]
}
