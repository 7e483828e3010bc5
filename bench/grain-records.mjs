/** The grain from which on flat records are worth sending. */
import { GRAINS, openGrains, QUICK_GRAINS } from './work/grains.mjs'

export const title = 'How small an item may be: flat records'
export const rounds = 5
export const sweep = { name: 'work an item', points: GRAINS, quick: QUICK_GRAINS, goal: 250e-6 }

const LIBRARIES = ['piscina', 'tinypool', 'poolifier']

export const open = (quick) =>
  openGrains({
    name: 'mixRecord',
    item: (id, steps) => ({ id, steps, label: 'record' }),
    libraries: LIBRARIES,
    mostItems: 200_000,
    quick,
  })
