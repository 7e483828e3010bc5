/** `native.min` of 5 M doubles against an indexed loop, and polars. */
import { openReduction } from './work/reductions.mjs'

const loop = (array) => {
  let least = Infinity
  for (let i = 0; i < array.length; i++) if (array[i] < least) least = array[i]
  return least
}

export const title = '`native.min` of 5 M doubles'
export const goal = 1
export const rounds = 15

export const open = async (quick) => openReduction('min', loop, quick)
