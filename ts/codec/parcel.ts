// Values that travel by real structured clone, wrapped so that a Buffer inside arrives as a Buffer.

import { bufferPrototype } from './primordials.ts'
import { survey } from './survey.ts'

// A value ready for `postMessage`: itself, and the Buffers in it, whose class the clone forgets but whose identity it keeps.
export function wrapParcel(value: unknown, buffers: readonly Buffer[] = survey(value).buffers): unknown {
  return [value, buffers]
}

// What was wrapped, from what arrived.
export function unwrapParcel(posted: unknown): unknown {
  if (!Array.isArray(posted) || posted.length !== 2 || !Array.isArray(posted[1])) throw new TypeError('not a parcel')
  for (const bytes of posted[1] as unknown[]) {
    if (bytes instanceof Uint8Array) Object.setPrototypeOf(bytes, bufferPrototype)
  }
  return posted[0]
}
