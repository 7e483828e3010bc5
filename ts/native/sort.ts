/**
 * `sort` and `argsort`. Numbers on shared memory are copied by the native threads; any others by this thread, in slices. The threads write the
 * result into an array that nobody else has seen yet.
 */
import { addon } from '../binding.ts'
import { OptionError } from '../errors.ts'
import type { TypedArray } from '../types.ts'
import { alike, byteLengthOf, bytesOf, memoryOf, offsetOf } from './kinds.ts'
import type { Numbers } from './kinds.ts'
import type { Steps } from './work.ts'

/** What fits a cache is sorted at once: half a millisecond. */
const SMALL = 16_384
/** Bytes copied before the clock is looked at. */
const SLICE_BYTES = 1024 * 1024
/** An index has 32 bits. */
const MOST_INDEXES = 2 ** 32 - 1

/** @throws OptionError for `inPlace` on memory of its own */
export function sortNumbers(numbers: Numbers, inPlace: boolean): (steps: Steps) => Promise<TypedArray> | TypedArray {
  if (inPlace && !numbers.shared) {
    throw new OptionError(
      "native.sort: option 'inPlace' must be false for an array on memory of its own: native threads write only shared memory",
    )
  }
  return (steps) => sorted(steps, numbers, false, () => (inPlace ? numbers.array : alike(numbers)))
}

/** @throws OptionError for more elements than an index can name */
export function argsortNumbers(numbers: Numbers): (steps: Steps) => Promise<TypedArray> | TypedArray {
  if (numbers.length > MOST_INDEXES) {
    throw new OptionError(`native.argsort: an array can have ${MOST_INDEXES} elements, got ${numbers.length}`)
  }
  return (steps) => sorted(steps, numbers, true, () => new Uint32Array(numbers.length))
}

function sorted(
  steps: Steps,
  numbers: Numbers,
  indexes: boolean,
  make: () => TypedArray,
): Promise<TypedArray> | TypedArray {
  if (numbers.length > SMALL) return onThreads(steps, numbers, indexes, make)
  const wait = steps.breathe()
  if (wait !== undefined) return wait.then(() => atOnce(numbers, indexes, make()))
  return atOnce(numbers, indexes, make())
}

function atOnce(numbers: Numbers, indexes: boolean, into: TypedArray): TypedArray {
  addon.sortHere(numbers.kind, indexes, bytesOf(verbOf(indexes), numbers, 0, numbers.length), allBytesOf(into))
  return into
}

async function onThreads(
  steps: Steps,
  numbers: Numbers,
  indexes: boolean,
  make: () => TypedArray,
): Promise<TypedArray> {
  const work = new addon.NativeSort(steps.port().lane, numbers.kind, indexes)
  try {
    await steps.admitted(work)
    if (!numbers.shared) await feed(steps, numbers, indexes, work)
    const into = make()
    if (numbers.shared) work.startShared(bytesOf(verbOf(indexes), numbers, 0, numbers.length), allBytesOf(into))
    else work.start(allBytesOf(into))
    while (!work.take()) await steps.news(work)
    return into
  } finally {
    work.cancel()
  }
}

async function feed(
  steps: Steps,
  numbers: Numbers,
  indexes: boolean,
  work: { expect(length: number): void; feed(bytes: Uint8Array): void },
): Promise<void> {
  const { length, size } = numbers
  work.expect(length)
  const slice = SLICE_BYTES / size
  for (let first = 0; first < length; first += slice) {
    const pause = steps.breathe()
    if (pause !== undefined) await pause
    work.feed(bytesOf(verbOf(indexes), numbers, first, Math.min(slice, length - first)))
  }
}

function allBytesOf(array: TypedArray): Uint8Array {
  return new Uint8Array(memoryOf(array), offsetOf(array), byteLengthOf(array))
}

function verbOf(indexes: boolean): string {
  return indexes ? 'native.argsort' : 'native.sort'
}
