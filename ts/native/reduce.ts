/**
 * `sum`, `min` and `max`. An array on shared memory goes to the native threads. Any other would have to be copied for them by this thread, and
 * copying costs what reducing costs: it is reduced here, in slices.
 */
import { addon } from '../binding.ts'
import { bytesOf } from './kinds.ts'
import type { Numbers } from './kinds.ts'
import type { Steps } from './work.ts'

const REDUCTIONS = { sum: 0, min: 1, max: 2 } as const

export type Reduction = keyof typeof REDUCTIONS

/** What stands in the place of a number: a bigint for `Big*` arrays, nothing for an empty one. */
export type Reduced = number | bigint | undefined

/** A slice: a whole number of the pieces that kernels cut memory into, half a millisecond of work. */
const SLICE = 4 * 65_536
/** Below this the native threads are not worth waking. */
const SMALL_BYTES = 256 * 1024

export function reduceNumbers(verb: Reduction, numbers: Numbers): (steps: Steps) => Promise<Reduced> | Reduced {
  // The addon would give nothing for an empty sum; what is added to nothing is itself.
  if (verb === 'sum' && numbers.length === 0) return () => (numbers.kind >= 8 ? 0n : 0)
  const { shared, length, size } = numbers
  if (shared && length * size > SMALL_BYTES) return (steps) => onThreads(verb, numbers, steps)
  if (length <= SLICE) return (steps) => atOnce(verb, numbers, steps)
  return (steps) => inSlices(verb, numbers, steps)
}

async function onThreads(verb: Reduction, numbers: Numbers, steps: Steps): Promise<Reduced> {
  const { lane } = steps.port()
  const view = bytesOf(`native.${verb}`, numbers, 0, numbers.length)
  const work = new addon.NativeReduce(lane, numbers.kind, REDUCTIONS[verb], view)
  try {
    await steps.admitted(work)
    work.start()
    for (;;) {
      const end = work.take()
      if (end !== null) return end.value as Reduced
      await steps.news(work)
    }
  } finally {
    work.cancel()
  }
}

/** Without a promise of its own, where the turn has time. */
function atOnce(verb: Reduction, numbers: Numbers, steps: Steps): Promise<Reduced> | Reduced {
  const wait = steps.breathe()
  if (wait !== undefined) return inSlices(verb, numbers, steps, wait)
  const reducer = new addon.NativeReducer(numbers.kind, REDUCTIONS[verb])
  reducer.take(bytesOf(`native.${verb}`, numbers, 0, numbers.length), numbers.shared)
  return reducer.finish() as Reduced
}

async function inSlices(verb: Reduction, numbers: Numbers, steps: Steps, wait?: Promise<void>): Promise<Reduced> {
  const reducer = new addon.NativeReducer(numbers.kind, REDUCTIONS[verb])
  await wait
  for (let first = 0; first < numbers.length; first += SLICE) {
    const pause = steps.breathe()
    if (pause !== undefined) await pause
    const count = Math.min(SLICE, numbers.length - first)
    reducer.take(bytesOf(`native.${verb}`, numbers, first, count), numbers.shared)
  }
  return reducer.finish() as Reduced
}
