/** `parMap` of a typed array that stands on shared memory already; peers get its ranges by hand. */
import { openTypedMap } from './work/maps.mjs'

export const title = '`parMap` of 10,000,000 elements on shared memory'
export const goal = { peers: 1, 'plain loop': 1.7 }
export const rounds = 7

export function open(quick) {
  const length = quick ? 2000 : 10_000_000
  const items = new Float64Array(new SharedArrayBuffer(length * 8))
  for (let i = 0; i < length; i++) items[i] = i
  return openTypedMap({ name: 'root', items, quick })
}
