/** Measures contenders against each other: in turns, round by round, so that a noisy moment of the machine meets all of them. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose_gc')
export const collectGarbage = runInNewContext('gc')

/** Times one call, in milliseconds. */
export async function time(work) {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/**
 * Runs each contender once a round, in an order that turns, after `warmUps` rounds that do not count.
 * Resolves with what they measured: by contender, an array for each round.
 */
export async function measure(contenders, rounds, point, warmUps = 1) {
  const names = Object.keys(contenders)
  const measured = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = -warmUps; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + warmUps) % names.length]
      collectGarbage()
      const figures = await contenders[name](point)
      if (round >= 0) measured[name].push(figures)
    }
  }
  return measured
}
