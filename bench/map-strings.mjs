/** `parMap` of short strings to strings. */
import { openMap } from './work/maps.mjs'

export const title = '`parMap` of 200,000 strings, `toUpperCase`'
export const rounds = 7

const word = (i) => `${(i * 2_654_435_761) % 4_294_967_291} items, order ${i}`

export const open = (quick) =>
  openMap({ name: 'upper', items: Array.from({ length: quick ? 1000 : 200_000 }, (_, i) => word(i)), quick })
