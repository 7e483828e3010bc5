/** Medians, quantiles, and ratios that do not mix two moments. */

/** The value below which `share` of the sorted numbers lie. */
function quantile(sorted, share) {
  const at = (sorted.length - 1) * share
  const low = sorted[Math.floor(at)]
  return low + (sorted[Math.ceil(at)] - low) * (at % 1)
}

const sorted = (numbers) => numbers.toSorted((a, b) => a - b)
export const median = (numbers) => quantile(sorted(numbers), 0.5)

/** Fewer figures have no 99th percentile worth the name. */
const ENOUGH_FOR_P99 = 1000

/** One contender's figures over all rounds. */
export function summary(rounds) {
  const all = sorted(rounds.flat())
  return {
    median: quantile(all, 0.5),
    p99: all.length >= ENOUGH_FOR_P99 ? quantile(all, 0.99) : undefined,
    spread: [quantile(all, 0.1), quantile(all, 0.9)],
  }
}

/** How many times less `rounds` needed than `base`: taken within each round, then summed up. */
export function ratio(rounds, base) {
  const ratios = sorted(rounds.slice(0, base.length).map((round, i) => median(base[i]) / median(round)))
  return { median: quantile(ratios, 0.5), spread: [ratios[0], ratios.at(-1)] }
}
