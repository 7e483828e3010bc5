/** `native.sum` of 5 M doubles against an indexed loop, and polars. */
import { openReduction } from './work/reductions.mjs'

const loop = (array) => {
  let sum = 0
  for (let i = 0; i < array.length; i++) sum += array[i]
  return sum
}

export const title = '`native.sum` of 5 M doubles'
export const goal = 1
export const rounds = 15

export const open = async (quick) => openReduction('sum', loop, quick)
