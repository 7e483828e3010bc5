// Values that travel by real structured clone, wrapped so that a Buffer inside arrives as a Buffer, a view with its own bytes only, and what is shared
// as the object that is there already.

import { types } from 'node:util'
import type { ShareNumbers } from '../share/registry.ts'
import { isPart } from './cuts.ts'
import { bufferPrototype } from './primordials.ts'
import { survey } from './survey.ts'
import type { Survey } from './survey.ts'
import { define, layOut } from './trim.ts'
import type { LaidOut, SharePlace } from './trim.ts'

// A value ready for `postMessage`, and the Buffers in it, whose class the clone forgets but whose identity it keeps; behind them the places of what is
// shared. Throws what a getter throws.
export function wrapParcel(value: unknown, found: Survey = survey(value), shares?: ShareNumbers): unknown {
  const parted = found.getters || [...found.regions].some(([buffer, region]) => isPart(buffer, region))
  if (!parted && !found.shares) return [value, found.buffers]
  return parcelOf(layOut(value, { shares }))
}

// The same of what has been laid out.
export function parcelOf({ value, buffers, places }: LaidOut): unknown {
  return places.length === 0 ? [value, buffers] : [value, buffers, places]
}

// What was wrapped, from what arrived; `shared` gives what is shared by its number.
export function unwrapParcel(posted: unknown, shared?: (number: number) => unknown): unknown {
  if (!Array.isArray(posted) || posted.length < 2 || posted.length > 3 || !Array.isArray(posted[1]))
    throw new TypeError('not a parcel')
  const [value, buffers, places = []] = posted as [unknown, unknown[], SharePlace[]?]
  // Nothing is changed before all of it is here.
  const found = places.map(([, , number]) => shared?.(number))
  for (const bytes of buffers) if (bytes instanceof Uint8Array) Object.setPrototypeOf(bytes, bufferPrototype)
  places.forEach(([holder, key, , as], i) => put(holder, key, found[i], as))
  return value
}

function put(holder: object, key: unknown, value: unknown, as: SharePlace[3]): void {
  if (as === 'property') define(holder, key as string, value)
  else if (as === 'entry') (holder as Map<unknown, unknown>).set(key, value)
  else if (types.isSet(holder)) refill(holder, (member) => holder.add(member === key ? value : member))
  else if (types.isMap(holder)) refill(holder, ([name, entry]) => holder.set(name === key ? value : name, entry))
}

// Their order is that of putting.
function refill<T>(holder: Iterable<T> & { clear(): void }, again: (member: T) => void): void {
  const members = [...holder]
  holder.clear()
  for (const member of members) again(member)
}
