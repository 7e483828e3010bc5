/** Strings of a megabyte: what counts is how often their characters are copied. */
import { openMap } from './work/maps.mjs'

export const title = '`parMap` of 32 strings of 1 MB, `toUpperCase`'
export const goal = { peers: 1 }
export const rounds = 7

export function open(quick) {
  const length = quick ? 10_000 : 1_000_000
  const items = Array.from({ length: quick ? 4 : 32 }, (_, i) => `text ${i} `.repeat(length).slice(0, length))
  return openMap({ name: 'upper', items, quick })
}
