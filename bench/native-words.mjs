/** `native.wordCount` of 2 M words against a map that is counted in a loop, and polars. */
import { native } from 'everycore'
import { text } from './work/data.mjs'
import { time } from './measure.mjs'
import { withPolars } from './peers/polars.mjs'

/** As one writes it; `space` is what stands between two words. */
function plainly(words, space) {
  const counts = new Map()
  for (const word of words.split(space)) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

export const title = '`native.wordCount` of 2 M words'
export const goal = 3
export const rounds = 9

export async function open(quick) {
  const words = text(quick ? 20_000 : 2_000_000)
  const expected = plainly(words, ' ')
  let result
  const contenders = {
    'plain split at white space, and a Map': async () => [await time(() => (result = plainly(words, /\s+/)))],
    'plain split at each space, and a Map': async () => [await time(() => (result = plainly(words, ' ')))],
    ...withPolars((polars) => {
      const counted = () => {
        const counts = polars.Series('w', [words]).str.split(' ').explode().valueCounts()
        const [names, times] = [counts.getColumn('w').toArray(), counts.getColumn('count').toArray()]
        return new Map(names.map((name, i) => [name, times[i]]))
      }
      return { 'polars, split and valueCounts': async () => [await time(() => (result = counted()))] }
    }),
    everycore: async () => [await time(async () => (result = await native.wordCount(words)))],
  }
  const check = () =>
    result.size === expected.size && [...expected].every(([word, count]) => result.get(word) === count)
      ? undefined
      : 'wrong counts'
  return { contenders, check, close: () => undefined }
}
