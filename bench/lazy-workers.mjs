/** A million items through `lazyParMap` in workers, one `for await` step each, against `parMap`, which needs no steps. */
import { lazyParMap, parMap, warmup } from 'everycore'
import { time } from './measure.mjs'

export const title = '1,000,000 items through `lazyParMap` in workers, against `parMap`'
export const goal = 0.5
export const rounds = 9

export async function open(quick) {
  const count = quick ? 5000 : 1_000_000
  let sum
  const increment = (x) => x + 1
  const source = function* () {
    for (let i = 0; i < count; i++) yield i
  }
  await warmup()
  const add = async (results) => {
    let total = 0
    for await (const x of results) total += x
    return total
  }
  const contenders = {
    'everycore, parMap': async () => [
      await time(async () => {
        sum = (await parMap(source(), increment)).reduce((total, x) => total + x)
      }),
    ],
    'everycore, lazyParMap': async () => [
      await time(async () => {
        sum = await add(lazyParMap(source(), increment))
      }),
    ],
  }
  const check = () => (sum === (count * (count + 1)) / 2 ? undefined : 'wrong results')
  return { contenders, check, close: () => undefined }
}
