// Walks a whole value without running any code of it, to learn what V8's serializer would meet.

import { types } from 'node:util'
import { DEEPEST, WIDEST } from './format.ts'
import {
  arrayPrototype,
  bufferBytes,
  bufferOf,
  bytesOf,
  isExotic,
  isFixedMemory,
  mapEntries,
  memoryBytes,
  objectPrototype,
  offsetOf,
  setValues,
} from './primordials.ts'
import type { ShareNumbers } from '../share/registry.ts'
import { elementBytes, isBuffer, viewKind } from './views.ts'

/** The part of a buffer that the views of one item cover. */
export interface Region {
  from: number
  to: number
  /** Largest element of the views: moving them must keep their alignment. */
  step: number
}

export interface Survey {
  /** Nothing but plain objects, arrays, Map, Set, Date, RegExp, boxed and other primitives, and ordinary memory. */
  plain: boolean
  tooDeep: boolean
  /** Bytes of memory, each once, and the units of strings. */
  bytes: number
  buffers: Buffer[]
  /** Some property is a getter: what it gives is not known. */
  getters: boolean
  regions: Map<ArrayBufferLike, Region>
  /** Some of it is shared, and was not looked into. */
  shares: boolean
  /** Some view stands on memory whose size structured clone cannot say. */
  wide: boolean
}

// In the order of V8's own recursion, so that the depth is the depth of its stack; with a list instead of a stack of our own frames.
export function survey(value: unknown, shares?: ShareNumbers): Survey {
  const found = nothingFound()
  const seen = new Set<object>()
  const waiting: unknown[] = [value]
  const depths: number[] = [1]
  while (waiting.length > 0) {
    const at = waiting.pop()
    const depth = depths.pop()!
    if (typeof at === 'string') found.bytes += at.length
    else if (typeof at === 'function' || typeof at === 'symbol') found.plain = false
    if (typeof at !== 'object' || at === null || seen.has(at)) continue
    seen.add(at)
    if (shares !== undefined && shares.numberOf(at) !== 0) {
      found.shares = true
      continue
    }
    if (depth > DEEPEST) {
      found.tooDeep = true
      return found
    }
    const parts = look(at, found)
    for (let i = parts.length - 1; i >= 0; i--) {
      waiting.push(parts[i])
      depths.push(depth + 1)
    }
  }
  return found
}

function nothingFound(): Survey {
  const regions = new Map<ArrayBufferLike, Region>()
  return { plain: true, tooDeep: false, bytes: 0, buffers: [], getters: false, regions, shares: false, wide: false }
}

// Notes what one object is, and returns what it holds.
function look(at: object, found: Survey): unknown[] {
  if (types.isProxy(at)) {
    found.plain = false
    return []
  }
  if (Array.isArray(at)) {
    if (Object.getPrototypeOf(at) !== arrayPrototype) found.plain = false
    return properties(at, found)
  }
  if (types.isMap(at)) return mapEntries(at).flat()
  if (types.isSet(at)) return setValues(at)
  if (types.isDate(at) || types.isRegExp(at)) return []
  if (types.isBoxedPrimitive(at)) {
    if (types.isSymbolObject(at)) found.plain = false
    return []
  }
  if (ArrayBuffer.isView(at)) {
    lookAtView(at, found)
    return []
  }
  if (types.isAnyArrayBuffer(at)) {
    if (isFixedMemory(at)) found.bytes += cover(found.regions, at, 0, bufferBytes(at), 8)
    else found.plain = false
    return []
  }
  const prototype = Object.getPrototypeOf(at) as unknown
  if ((prototype !== objectPrototype && prototype !== null) || isExotic(at)) found.plain = false
  return types.isNativeError(at) ? [Object.getOwnPropertyDescriptor(at, 'cause')?.value] : properties(at, found)
}

function lookAtView(view: ArrayBufferView, found: Survey): void {
  const buffer = bufferOf(view)
  const kind = viewKind(view)
  if (isBuffer(view)) found.buffers.push(view)
  if (kind === undefined || !isFixedMemory(buffer)) {
    found.plain = false
    if (memoryBytes(buffer) > WIDEST) found.wide = true
  } else found.bytes += cover(found.regions, buffer, offsetOf(view), bytesOf(view), elementBytes(kind))
}

// Adds to what views cover of a buffer; returns by how many bytes that grew.
export function cover(
  regions: Map<ArrayBufferLike, Region>,
  buffer: ArrayBuffer,
  from: number,
  bytes: number,
  step: number,
): number {
  const region = regions.get(buffer) ?? { from, to: from, step }
  const before = region.to - region.from
  region.from = Math.min(region.from, from)
  region.to = Math.max(region.to, from + bytes)
  region.step = Math.max(region.step, step)
  regions.set(buffer, region)
  return region.to - region.from - before
}

// The values of own enumerable string keys, which is what structured clone takes; a getter is noted and left alone.
function properties(at: object, found: Survey): unknown[] {
  const values: unknown[] = []
  for (const key of Object.keys(at)) {
    const property = Object.getOwnPropertyDescriptor(at, key)
    if (property === undefined) continue
    if (property.get === undefined && property.set === undefined) values.push(property.value)
    else {
      found.plain = false
      found.getters = true
    }
  }
  return values
}
