/** The grain from which on anything else is worth sending: here a `Map`, which takes the slowest way that bytes can go. */
import { GRAINS, openGrains, QUICK_GRAINS } from './work/grains.mjs'

export const title = 'How small an item may be: `Map`s, as an example of anything else'
export const rounds = 5
export const sweep = { name: 'work an item', points: GRAINS.slice(2), quick: QUICK_GRAINS, goal: 1.5e-3 }

const LIBRARIES = ['piscina', 'tinypool', 'poolifier']

export const open = (quick) =>
  openGrains({
    name: 'mixMap',
    item: (id, steps) =>
      new Map([
        ['id', id],
        ['steps', steps],
      ]),
    libraries: LIBRARIES,
    mostItems: 50_000,
    quick,
  })
