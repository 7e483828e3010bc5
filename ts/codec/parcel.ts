// Values that travel by real structured clone, wrapped so that a Buffer inside arrives as a Buffer, and a view with its own bytes only.

import { isPart } from './cuts.ts'
import { bufferPrototype } from './primordials.ts'
import { survey } from './survey.ts'
import type { Survey } from './survey.ts'
import { trim } from './trim.ts'

// A value ready for `postMessage`, and the Buffers in it, whose class the clone forgets but whose identity it keeps. Throws what a getter throws.
export function wrapParcel(value: unknown, found: Survey = survey(value)): unknown {
  if (!found.getters && ![...found.regions].some(([buffer, region]) => isPart(buffer, region)))
    return [value, found.buffers]
  const { value: trimmed, buffers } = trim(value)
  return [trimmed, buffers]
}

// What was wrapped, from what arrived.
export function unwrapParcel(posted: unknown): unknown {
  if (!Array.isArray(posted) || posted.length !== 2 || !Array.isArray(posted[1])) throw new TypeError('not a parcel')
  for (const bytes of posted[1] as unknown[]) {
    if (bytes instanceof Uint8Array) Object.setPrototypeOf(bytes, bufferPrototype)
  }
  return posted[0]
}
