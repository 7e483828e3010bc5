/**
 * `hash`. Messages are copied into staging memory by this thread, or read where they are if that is shared, and hashed by the native threads
 * meanwhile. Few bytes are hashed at once; and what hashes as fast as memory can be read is hashed here, in slices, for copying it costs the same.
 */
import { types } from 'node:util'

import { addon } from '../binding.ts'
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { byteLengthOf, memoryOf, offsetOf } from './kinds.ts'
import type { Steps } from './work.ts'

/** By name: the number that the addon knows it by, the bytes of its digest, and whether it is as fast as a copy. */
const ALGORITHMS = {
  sha256: { number: 0, length: 32, fast: false },
  sha512: { number: 1, length: 64, fast: false },
  blake3: { number: 2, length: 32, fast: false },
  xxh3: { number: 3, length: 8, fast: true },
  crc32: { number: 4, length: 4, fast: true },
} as const

export type HashAlgorithm = keyof typeof ALGORITHMS

/** Below this handing over costs more than the slowest of them. */
const SMALL_BYTES = 64 * 1024
/** Bytes taken before the clock is looked at: below a millisecond by each of them. */
const SLICE_BYTES = 1024 * 1024

interface Messages {
  readonly views: readonly Uint8Array[]
  /** A byte for each; `null` where none is shared. */
  readonly shared: Uint8Array | null
  readonly bytes: number
  readonly single: boolean
}

type Digests = Buffer | Buffer[]

/** @throws OptionError for an unknown algorithm, and for what are no bytes */
export function hashMessages(algorithm: unknown, given: unknown): (steps: Steps) => Promise<Digests> | Digests {
  if (typeof algorithm !== 'string' || !Object.hasOwn(ALGORITHMS, algorithm)) {
    const names = Object.keys(ALGORITHMS).join(', ')
    throw new OptionError(`native.hash: the algorithm must be one of ${names}, got ${describe(algorithm)}`)
  }
  const chosen = ALGORITHMS[algorithm as HashAlgorithm]
  const messages = messagesOf(given)
  if (messages.views.length === 0) return () => []
  const { bytes, shared } = messages
  const digests = Buffer.allocUnsafeSlow(messages.views.length * chosen.length)
  const end = (): Digests => cut(digests, chosen.length, messages)
  if (bytes <= SMALL_BYTES || (chosen.fast && shared === null))
    return (steps) => here(steps, chosen.number, messages, digests, end)
  return (steps) => onThreads(steps, chosen.number, messages, digests, end)
}

function here(
  steps: Steps,
  algorithm: number,
  messages: Messages,
  digests: Buffer,
  end: () => Digests,
): Promise<Digests> | Digests {
  const wait = steps.breathe()
  if (wait !== undefined) return inSlices(steps, algorithm, messages, digests, wait).then(end)
  if (messages.bytes > SLICE_BYTES) return inSlices(steps, algorithm, messages, digests).then(end)
  const work = new addon.NativeHashHere(algorithm, messages.views as Uint8Array[], messages.shared)
  work.feed(messages.views as Uint8Array[], 2 ** 32 - 1)
  work.take(digests)
  return end()
}

async function inSlices(
  steps: Steps,
  algorithm: number,
  { views, shared }: Messages,
  digests: Buffer,
  wait?: Promise<void>,
): Promise<void> {
  await wait
  const work = new addon.NativeHashHere(algorithm, views as Uint8Array[], shared)
  do {
    const pause = steps.breathe()
    if (pause !== undefined) await pause
  } while (!work.feed(views as Uint8Array[], SLICE_BYTES))
  work.take(digests)
}

async function onThreads(
  steps: Steps,
  algorithm: number,
  { views, shared }: Messages,
  digests: Buffer,
  end: () => Digests,
): Promise<Digests> {
  const work = new addon.NativeHash(steps.port().lane, algorithm, views as Uint8Array[], shared)
  try {
    await steps.admitted(work)
    for (;;) {
      const pause = steps.breathe()
      if (pause !== undefined) await pause
      const fed = work.feed(views as Uint8Array[], SLICE_BYTES)
      if (fed === addon.Fed.All) break
      if (fed === addon.Fed.Full) await steps.news(work)
    }
    while (!work.take(digests)) await steps.news(work)
    return end()
  } finally {
    work.cancel()
  }
}

function cut(digests: Buffer, length: number, { views, single }: Messages): Digests {
  if (single) return digests
  return views.map((_, at) => digests.subarray(at * length, (at + 1) * length))
}

function messagesOf(given: unknown): Messages {
  if (types.isUint8Array(given)) return gather([given], true)
  if (!Array.isArray(given)) {
    throw new OptionError(
      `native.hash: the bytes must be a Buffer or Uint8Array, or an array of them, got ${describe(given)}`,
    )
  }
  return gather([...(given as unknown[])], false)
}

function gather(list: unknown[], single: boolean): Messages {
  let bytes = 0
  let shared: Uint8Array | null = null
  for (const [at, view] of list.entries()) {
    if (!types.isUint8Array(view)) {
      throw new OptionError(`native.hash: message ${at} must be a Buffer or Uint8Array, got ${describe(view)}`)
    }
    const length = byteLengthOf(view)
    bytes += length
    if (types.isSharedArrayBuffer(memoryOf(view))) (shared ??= new Uint8Array(list.length))[at] = 1
    else if (length === 0) checkThere(view, single ? 'the message' : `message ${at}`)
  }
  return { views: list as Uint8Array[], shared, bytes, single }
}

/** A view whose memory has gone looks like an empty one. */
function checkThere(view: Uint8Array, what: string): void {
  try {
    // oxlint-disable-next-line no-new -- it throws for a view that is out of bounds
    new Uint8Array(memoryOf(view), offsetOf(view), 0)
  } catch {
    throw new OptionError(`native.hash: ${what} was detached, or its memory made smaller`)
  }
}
