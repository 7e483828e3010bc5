/** Functions that every worker has already, found by identity on the global object: they ship as a path. */
import { isGlobal, isNodeGlobal } from './globals.ts'

/** Deepest is `process.hrtime.bigint`. */
const DEEPEST = 3
/** Getters of Node whose value is a namespace; other getters stay unread, some of them warn or load much. */
const READ_GETTERS = new Set(['process', 'Buffer', 'performance', 'crypto', 'AbortSignal', 'atob', 'btoa'])

let paths: Map<unknown, string[]> | undefined

/**
 * The way from `globalThis` to `fn`; undefined if there is none that a fresh worker has too. What a program has put on
 * the language's objects is not in the worker: it is told by being bound, or not native (which much of Node is not).
 */
export function pathOf(fn: Function, native: boolean): readonly string[] | undefined {
  paths ??= walk()
  const path = paths.get(fn)
  const added = fn.name.startsWith('bound ') || !(native || isNodeGlobal(path?.[0] ?? ''))
  return added ? undefined : path
}

/** Breadth first, so that the first path found is the shortest. */
function walk(): Map<unknown, string[]> {
  const found = new Map<unknown, string[]>()
  let level: [object, string[]][] = [[globalThis, []]]
  for (let depth = 1; depth <= DEEPEST; depth++) {
    const next: [object, string[]][] = []
    for (const [holder, path] of level) {
      for (const [key, value] of members(holder)) {
        if (found.has(value)) continue
        found.set(value, [...path, key])
        next.push([value, [...path, key]])
      }
    }
    level = next
  }
  return found
}

/** Objects and functions that `holder` has by name. Methods of prototypes do not count: they need a `this`. */
function* members(holder: object): Generator<[string, object]> {
  for (const [owner, key] of keysOf(holder)) {
    if (key === 'prototype' || key === 'constructor' || key === 'globalThis' || key === 'global') continue
    if (holder === globalThis && !isGlobal(key)) continue
    const found = Object.getOwnPropertyDescriptor(owner, key)
    if (!found || (found.get && !(holder === globalThis && READ_GETTERS.has(key)))) continue
    const value: unknown = found.get ? Reflect.get(holder, key) : found.value
    if ((typeof value === 'object' && value !== null) || typeof value === 'function') yield [key, value]
  }
}

/** Own names, and of `performance` and `crypto`, whose methods stand on their class, those too. */
function* keysOf(holder: object): Generator<[object, string]> {
  for (const key of Object.getOwnPropertyNames(holder)) yield [holder, key]
  if (holder !== globalThis.performance && holder !== globalThis.crypto) return
  const proto = Object.getPrototypeOf(holder) as object
  for (const key of Object.getOwnPropertyNames(proto)) yield [proto, key]
}
