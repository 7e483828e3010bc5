/** `parMap` of an ordinary typed array; peers get its ranges by way of shared memory of their own, copied in and out by hand. */
import { openTypedMap } from './work/maps.mjs'

export const title = '`parMap` of a Float64Array of 10,000,000 elements'
export const goal = { peers: 1, 'plain loop': 1.7 }
export const rounds = 7

export const open = (quick) =>
  openTypedMap({ name: 'root', items: Float64Array.from({ length: quick ? 2000 : 10_000_000 }, (_, i) => i), quick })
