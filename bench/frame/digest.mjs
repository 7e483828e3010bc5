/** Makes the figures of a workload: what is printed, plotted and kept. */
import { against } from './best.mjs'
import { breakEven } from './break-even.mjs'
import { verdicts } from './verdicts.mjs'
import { ratio, summary } from './statistics.mjs'

/** One row a contender, in their order; speeds are ratios to the first one. */
function rowsOf(figures, notes) {
  const [base] = Object.values(figures)
  return Object.entries(figures).map(([name, rounds]) => {
    const speed = ratio(rounds, base)
    return { name, ...summary(rounds), ratio: speed.median, ratioSpread: speed.spread, note: notes[name] }
  })
}

/** `workload` is a module of this folder, `conducted` what came of it. */
export function digest(name, workload, { checks, measured, notes }) {
  const { title, rounds, processes = 1, unit = 'ms', sweep } = workload
  const points = measured.map(({ point, figures }) => ({ point, rows: rowsOf(figures, notes) }))
  // The last contender is ours.
  const ours = checks.at(-1).contender
  const record = { name, title, unit, rounds, processes, ours, points }
  if (sweep !== undefined) {
    record.sweep = { name: sweep.name }
    record.breakEven = breakEven(points)
  } else if (measured[0].figures[ours] !== undefined) {
    record.against = against(measured[0].figures, ours)
  }
  record.verdicts = verdicts(workload, measured.at(-1).figures, record)
  return record
}
