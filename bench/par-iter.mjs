/** A chain of `map`, `filter` and `reduce` that computes, against the same chain on an array. */
import { parIter, warmup } from 'everycore'
import { time } from './measure.mjs'

/** Steps of the Collatz sequence: some microseconds. */
const steps = (n) => {
  let count = 0
  for (let x = n; x !== 1; count++) x = x % 2 === 0 ? x / 2 : 3 * x + 1
  return count
}

export const title = 'A chain over 200,000 items that computes'
export const goal = 1.85
export const rounds = 11

export async function open(quick) {
  const items = Array.from({ length: quick ? 1000 : 200_000 }, (_, i) => 1_000_000 + i)
  const odd = (count) => count % 2 === 1
  const larger = (a, b) => (a > b ? a : b)
  const plainly = () =>
    items
      .map((n) => steps(n))
      .filter(odd)
      .reduce(larger, 0)
  const expected = plainly()
  await warmup()
  let result
  const contenders = {
    'plain chain on the array': async () => [await time(() => (result = plainly()))],
    everycore: async () => [
      await time(async () => {
        result = await parIter(items, { use: { steps } })
          .map((n, { use }) => use.steps(n))
          .filter((count) => count % 2 === 1)
          .reduce((a, b) => (a > b ? a : b), 0)
      }),
    ],
  }
  const check = () => (result === expected ? undefined : `${result}, not ${expected}`)
  return { contenders, check, close: () => undefined }
}
