/** The grain from which on numbers are worth sending. */
import { GRAINS, openGrains, QUICK_GRAINS } from './work/grains.mjs'
import { packed } from './work/mix.mjs'

export const title = 'How small an item may be: numbers'
export const rounds = 5
export const sweep = { name: 'work an item', points: GRAINS, quick: QUICK_GRAINS, goal: 60e-6 }

export const open = (quick) => openGrains({ name: 'mixPacked', item: packed, quick })
