/** `parMap` of a million numbers through a function that hardly does anything: the cost of the way there and back. */
import { openMap } from './work/maps.mjs'

export const title = '`parMap` of 1,000,000 numbers, `x => x + 1`'
export const goal = { peers: 3, 'plain loop': 1 }
export const rounds = 9

export const open = (quick) =>
  openMap({ name: 'increment', items: Array.from({ length: quick ? 2000 : 1_000_000 }, (_, i) => i * 1.5), quick })
