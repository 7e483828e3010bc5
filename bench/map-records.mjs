/** `parMap` of small records to small records of another shape. */
import { openMap } from './work/maps.mjs'

export const title = '`parMap` of 200,000 records of four fields'
export const goal = { peers: 4 }
export const rounds = 7

const record = (i) => ({ id: i, name: `article ${i % 1000}`, price: (i % 700) / 4, count: i % 9 })

export const open = (quick) =>
  openMap({ name: 'priced', items: Array.from({ length: quick ? 1000 : 200_000 }, (_, i) => record(i)), quick })
