/** Lists of messages to be hashed, looked at a window at a time: a list of millions would hold this thread. */
import { types } from 'node:util'

import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { byteLengthOf, isGone, memoryOf } from './kinds.ts'

/** Messages of a window: to look at them all takes less than a millisecond. */
const WINDOW = 2048

export interface MessageList {
  readonly list: readonly unknown[]
  /** Given as one message, not as a list. */
  readonly single: boolean
}

/** Some messages that follow each other. */
export interface MessageWindow {
  readonly views: Uint8Array[]
  /** A byte for each; `null` where none is shared. */
  readonly shared: Uint8Array | null
  readonly bytes: number
  /** The number of the first one behind it. */
  readonly end: number
}

/** @throws OptionError for what is neither a message nor a list */
export function messagesOf(given: unknown): MessageList {
  if (types.isUint8Array(given)) return { list: [given], single: true }
  if (Array.isArray(given)) return { list: given.slice() as unknown[], single: false }
  throw new OptionError(
    `native.hash: the bytes must be a Buffer or Uint8Array, or an array of them, got ${describe(given)}`,
  )
}

/** @throws OptionError for what are no bytes, or are gone */
export function windowOf({ list, single }: MessageList, first: number): MessageWindow {
  const views = list.slice(first, first + WINDOW)
  let bytes = 0
  let shared: Uint8Array | null = null
  for (const [at, view] of views.entries()) {
    if (!types.isUint8Array(view)) {
      throw new OptionError(`native.hash: message ${first + at} must be a Buffer or Uint8Array, got ${describe(view)}`)
    }
    const length = byteLengthOf(view)
    bytes += length
    if (types.isSharedArrayBuffer(memoryOf(view))) (shared ??= new Uint8Array(views.length))[at] = 1
    else if (length === 0 && isGone(view)) throw gone(single ? 'the message' : `message ${first + at}`)
  }
  return { views: views as Uint8Array[], shared, bytes, end: first + views.length }
}

function gone(what: string): OptionError {
  return new OptionError(`native.hash: ${what} was detached, or its memory made smaller`)
}
