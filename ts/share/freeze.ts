// Freezes what has arrived as shared: plain objects and arrays, wherever in it they stand.

import { types } from 'node:util'

export function freezeAll(root: unknown): void {
  const seen = new Set<unknown>()
  const waiting: unknown[] = [root]
  while (waiting.length > 0) {
    const at = waiting.pop()
    if (typeof at !== 'object' || at === null || seen.has(at)) continue
    seen.add(at)
    if (types.isMap(at)) waiting.push(...at.keys(), ...at.values())
    else if (types.isSet(at)) waiting.push(...at)
    else if (Array.isArray(at) || Object.getPrototypeOf(at) === Object.prototype) {
      for (const key of Object.keys(at)) waiting.push((at as Record<string, unknown>)[key])
      Object.freeze(at)
    }
  }
}
