/** Holds what was measured against the goals of a workload; they speak of our contender. */
import { bestPeer } from './best.mjs'
import { median, ratio, summary } from './statistics.mjs'

/**
 * The goals that a workload may export:
 * - `goal`: a ratio to the first contender, or ratios by contender; `peers` stands for the best of them
 * - `goalAtP99`: the same for the 99th percentiles
 * - `limit`: what our median must not exceed
 * - `sweep.goal`: what our break-even must not exceed
 */
export function verdicts({ goal, goalAtP99, limit, sweep }, figures, { unit, ours, breakEven }) {
  if (figures[ours] === undefined) return []
  const names = Object.keys(figures)
  const found = []
  for (const [over, atLeast] of Object.entries(byContender(goal, names))) {
    const than = over === 'peers' ? bestPeer(figures) : over
    if (figures[than] !== undefined)
      found.push({ what: `speed against ${than}`, atLeast, reached: ratio(figures[ours], figures[than]).median })
  }
  for (const [over, atLeast] of Object.entries(byContender(goalAtP99, names))) {
    const p99 = (name) => summary(figures[name]).p99
    const than = over === 'peers' ? bestPeer(figures, p99) : over
    if (figures[than] !== undefined && p99(ours) !== undefined)
      found.push({ what: `p99 against ${than}`, atLeast, reached: p99(than) / p99(ours) })
  }
  if (limit !== undefined) found.push({ what: 'median', atMost: limit, unit, reached: median(figures[ours].flat()) })
  if (sweep?.goal !== undefined)
    found.push({ what: 'break-even', atMost: sweep.goal, unit, reached: breakEven[ours] ?? Infinity })
  return found.map((verdict) => ({
    ...verdict,
    met: verdict.atLeast === undefined ? verdict.reached <= verdict.atMost : verdict.reached >= verdict.atLeast,
  }))
}

function byContender(goal, names) {
  if (goal === undefined) return {}
  return typeof goal === 'number' ? { [names[0]]: goal } : goal
}
