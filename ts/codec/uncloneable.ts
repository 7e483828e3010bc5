// Finds the part of a value that structured clone refuses, and says the way to it.

import { types } from 'node:util'
import { NotCloneableError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { DEEPEST } from './format.ts'
import { clone, mapEntries, setValues } from './primordials.ts'
import { wrapParcel } from './parcel.ts'
import { checkSize } from './sizes.ts'
import { survey } from './survey.ts'
import type { Survey } from './survey.ts'
import type { ShareNumbers } from '../share/registry.ts'

/** What a value is to its call; the first word of the path. */
export type Root = 'item' | 'result' | `argument ${number}` | (string & {})

interface Part {
  path: string
  value: unknown
  /** It is a getter, which only structured clone itself may run: `value` is its owner. */
  getter?: string
}

/** The path to the first part that cannot be cloned, such as `result.rows[3].callback`; the root itself if no part of it is to blame. */
export function findUncloneable(value: unknown, root: Root): string {
  return locate(value, root).path
}

/** @throws NotCloneableError with the path to the first part that cannot be cloned. */
export function checkCloneable(value: unknown, root: Root): void {
  snapshot(value, root)
}

// A clone of what is to be posted, made now: later changes to the value are not seen, and no getter runs at the post.
export function snapshot(value: unknown, root: Root): unknown {
  return cloneOf(value, root, survey(value), () => value)
}

// The same of a value that is to travel as a parcel.
export function snapshotParcel(
  value: unknown,
  root: Root,
  shares?: ShareNumbers,
  found: Survey = survey(value, shares),
): unknown {
  return cloneOf(value, root, found, () => wrapParcel(value, found, shares))
}

function cloneOf(value: unknown, root: Root, found: Survey, posted: () => unknown): unknown {
  if (found.tooDeep) throw tooDeep(root)
  checkSize(found)
  try {
    return clone(posted())
  } catch (error) {
    throw refusal(value, root, error)
  }
}

export function tooDeep(root: Root): NotCloneableError {
  return new NotCloneableError(`${root} is nested deeper than ${DEEPEST} levels and cannot be cloned`, { path: root })
}

export function refusal(value: unknown, root: Root, cause: unknown): NotCloneableError {
  const part = locate(value, root)
  const what = part.getter !== undefined ? 'a getter that throws or whose value cannot be cloned' : describe(part.value)
  return new NotCloneableError(`${part.path} cannot be cloned: it is ${what}`, { path: part.path, cause })
}

// Where no part is surely refused: steps into the first that structured clone refuses, until it refuses none of its parts.
function locate(value: unknown, root: Root): Part {
  const culprit = firstCulprit(value, root)
  if (culprit !== undefined) return culprit
  let at: Part = { path: root, value }
  for (let level = 0; level < DEEPEST; level++) {
    const inner = partsOf(at).find(isRefused)
    if (inner === undefined) return at
    at = inner
  }
  return at
}

// One walk that finds what is surely refused, so that the trials above are for what only structured clone itself can judge.
function firstCulprit(value: unknown, root: Root): Part | undefined {
  const seen = new Set<unknown>()
  const waiting: Part[] = [{ path: root, value }]
  for (let part = waiting.pop(); part !== undefined; part = waiting.pop()) {
    if (part.getter === undefined && isCulprit(part.value)) return part
    if (typeof part.value !== 'object' || part.getter !== undefined || seen.has(part.value)) continue
    seen.add(part.value)
    for (const inner of partsOf(part).toReversed()) waiting.push(inner)
  }
  return undefined
}

function isCulprit(value: unknown): boolean {
  if (typeof value === 'function' || typeof value === 'symbol') return true
  if (typeof value !== 'object' || value === null) return false
  return (
    types.isProxy(value) ||
    types.isPromise(value) ||
    types.isWeakMap(value) ||
    types.isWeakSet(value) ||
    types.isGeneratorObject(value) ||
    types.isMapIterator(value) ||
    types.isSetIterator(value) ||
    types.isModuleNamespaceObject(value) ||
    types.isArgumentsObject(value)
  )
}

function isRefused({ value, getter }: Part): boolean {
  try {
    clone(getter === undefined ? value : (value as Record<string, unknown>)[getter])
    return false
  } catch {
    return true
  }
}

// What structured clone looks into, each with its path.
function partsOf({ value, path, getter }: Part): Part[] {
  if (
    getter !== undefined ||
    typeof value !== 'object' ||
    value === null ||
    types.isProxy(value) ||
    ArrayBuffer.isView(value)
  )
    return []
  if (types.isMap(value)) {
    return mapEntries(value).flatMap(([key, entry], i) => [
      { path: `${path}.keys()[${i}]`, value: key },
      { path: `${path}.get(${typeof key === 'string' ? JSON.stringify(key) : describe(key)})`, value: entry },
    ])
  }
  if (types.isSet(value)) return setValues(value).map((entry, i) => ({ path: `${path}.values()[${i}]`, value: entry }))
  const inArray = Array.isArray(value)
  const keys = types.isNativeError(value) ? ['cause'] : Object.keys(value)
  return keys.flatMap((key): Part[] => {
    const property = Object.getOwnPropertyDescriptor(value, key)
    if (property === undefined) return []
    const inner = path + step(key, inArray)
    return [
      property.get === undefined
        ? { path: inner, value: property.value as unknown }
        : { path: inner, value, getter: key },
    ]
  })
}

function step(key: string, inArray: boolean): string {
  if (inArray && /^\d+$/.test(key)) return `[${key}]`
  return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
}
