/** Measures contenders against each other: in turns, round by round, so that a noisy moment of the machine meets all of them. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose_gc')
const collectGarbage = runInNewContext('gc')

/** The value below which `share` of the sorted numbers lie. */
function quantile(sorted, share) {
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)]
  return low + (sorted[Math.ceil(at)] - low) * (at % 1)
}

const sorted = (numbers) => numbers.toSorted((a, b) => a - b)
const median = (numbers) => quantile(sorted(numbers), 0.5)

/** Times one call, in milliseconds. */
export async function time(work) {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/**
 * Runs each contender once a round, in an order that turns, after a first round that does not count.
 * A contender resolves with the durations it measured, in milliseconds; the first one is what the others are compared with.
 */
export async function measure(contenders, rounds) {
  const names = Object.keys(contenders)
  const durations = Object.fromEntries(names.map((name) => [name, []]))
  for (let round = -1; round < rounds; round++) {
    for (let i = 0; i < names.length; i++) {
      const name = names[(i + round + names.length) % names.length]
      collectGarbage()
      const measured = await contenders[name]()
      if (round >= 0) durations[name].push(measured)
    }
  }
  const [base] = names
  return names.map((name) => summary(name, durations[name], durations[base]))
}

/** One contender's figures; ratios are taken within a round, then summed up, so that they do not mix two moments. */
function summary(name, rounds, baseRounds) {
  const all = sorted(rounds.flat())
  const ratios = sorted(rounds.map((round, i) => median(baseRounds[i]) / median(round)))
  return {
    name,
    median: quantile(all, 0.5),
    p99: all.length >= 1000 ? quantile(all, 0.99) : undefined,
    spread: [quantile(all, 0.1), quantile(all, 0.9)],
    ratio: quantile(ratios, 0.5),
    ratioSpread: [ratios[0], ratios.at(-1)],
  }
}
