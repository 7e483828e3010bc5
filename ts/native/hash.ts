/**
 * `hash`. Messages are copied into staging memory by this thread, or read where they are if that is shared, and hashed by the native threads
 * meanwhile. Few bytes are hashed at once; and what hashes as fast as memory can be read is hashed here, in slices, for copying it costs the same.
 */
import { addon } from '../binding.ts'
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { ALGORITHMS } from './algorithms.ts'
import type { HashAlgorithm } from './algorithms.ts'
import { messagesOf, windowOf } from './messages.ts'
import type { MessageList, MessageWindow } from './messages.ts'
import type { Steps } from './work.ts'

/** Below this handing over costs more than the slowest of them. */
const SMALL_BYTES = 64 * 1024
/** Bytes taken before the clock is looked at: below a millisecond by each of them. */
const SLICE_BYTES = 1024 * 1024
/** Digests cut before the clock is looked at. They share memory: enough for it to be cheap, and so few that one which is kept keeps little. */
const CUT = 2048

/** Whoever hashes. */
interface Hashing {
  open(views: Uint8Array[], shared: Uint8Array | null): void
  feed(views: Uint8Array[], most: number): number
  digests(first: number, into: Uint8Array): void
}

type Digests = Buffer | Buffer[]

/** @throws OptionError for an unknown algorithm, and for what are no bytes; of long lists some may be found later */
export function hashMessages(algorithm: unknown, given: unknown): (steps: Steps) => Promise<Digests> | Digests {
  if (typeof algorithm !== 'string' || !Object.hasOwn(ALGORITHMS, algorithm)) {
    const names = Object.keys(ALGORITHMS).join(', ')
    throw new OptionError(`native.hash: the algorithm must be one of ${names}, got ${describe(algorithm)}`)
  }
  const { number, length, fast } = ALGORITHMS[algorithm as HashAlgorithm]
  const messages = messagesOf(given)
  const { count } = messages
  if (count === 0) return () => []
  const first = windowOf(messages, 0)
  const few = first.end === count && first.bytes <= SMALL_BYTES
  if (few || (fast && first.shared === null)) {
    return (steps) => {
      const wait = steps.breathe()
      const work = new addon.NativeHashHere(number)
      work.open(first.views, first.shared)
      if (!few || wait !== undefined) return inSlices(steps, work, messages, first, length, wait)
      work.feed(first.views, SMALL_BYTES + count)
      return cut(work, messages, 0, count, length)
    }
  }
  return (steps) => onThreads(steps, number, messages, first, length)
}

async function inSlices(
  steps: Steps,
  work: Hashing,
  messages: MessageList,
  first: MessageWindow,
  length: number,
  wait: Promise<void> | undefined,
): Promise<Digests> {
  await wait
  await feed(steps, work, messages, first, () => nothing)
  return digestsOf(steps, work, messages, length)
}

async function onThreads(
  steps: Steps,
  algorithm: number,
  messages: MessageList,
  first: MessageWindow,
  length: number,
): Promise<Digests> {
  const work = new addon.NativeHash(steps.port().lane, algorithm, messages.count)
  try {
    work.open(first.views, first.shared)
    await steps.admitted(work)
    await feed(steps, work, messages, first, () => steps.news(work))
    while (!work.take()) await steps.news(work)
    return await digestsOf(steps, work, messages, length)
  } finally {
    work.cancel()
  }
}

const nothing = Promise.resolve()

/** `first` has been opened, at the call: what is detached meanwhile is noticed. `full` waits until staging memory is free again. */
async function feed(
  steps: Steps,
  work: Hashing,
  messages: MessageList,
  first: MessageWindow,
  full: () => Promise<void>,
): Promise<void> {
  let some = first
  for (;;) {
    for (;;) {
      const pause = steps.breathe()
      if (pause !== undefined) await pause
      const fed = work.feed(some.views, SLICE_BYTES)
      if (fed === addon.Fed.All) break
      if (fed === addon.Fed.Full) await full()
    }
    if (some.end === messages.count) return
    some = windowOf(messages, some.end)
    work.open(some.views, some.shared)
  }
}

async function digestsOf(steps: Steps, work: Hashing, messages: MessageList, length: number): Promise<Digests> {
  const { count, single } = messages
  if (single || count <= CUT) return cut(work, messages, 0, count, length)
  const digests: Buffer[] = []
  for (let from = 0; from < count; from += CUT) {
    const pause = steps.breathe()
    if (pause !== undefined) await pause
    digests.push(...(cut(work, messages, from, Math.min(CUT, count - from), length) as Buffer[]))
  }
  return digests
}

function cut(work: Hashing, { single }: MessageList, first: number, count: number, length: number): Digests {
  const digests = Buffer.allocUnsafeSlow(count * length)
  work.digests(first, digests)
  if (single) return digests
  return Array.from({ length: count }, (_, at) => digests.subarray(at * length, (at + 1) * length))
}
