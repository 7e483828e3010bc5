/** Prints figures as tables. */
import { amount, between, crossing, sentence, times } from './format.mjs'

const row = (cells) => `| ${cells.join(' | ')} |`

export function printMachine({ everycore, node, system, processor, threads, workers, memory, load, versions }) {
  console.log(`everycore ${everycore}, Node.js ${node}, ${system}`)
  console.log(
    `${processor}, ${threads} threads, ${workers} workers, ${memory}; load before the start: ${load.toFixed(2)}`,
  )
  console.log(
    `${Object.entries(versions)
      .map((pair) => pair.join(' '))
      .join(', ')}\n`,
  )
}

export function printRecord({ title, unit, points, sweep, breakEven, verdicts }) {
  console.log(`\n## ${title}\n`)
  if (sweep === undefined) printRows(points[0].rows, unit)
  else printSweep(points, breakEven)
  for (const verdict of verdicts) console.log(`${verdict === verdicts[0] ? '\n' : ''}Goal: ${sentence(verdict)}`)
}

function printRows(rows, unit) {
  console.log('| | median | 10–90 % | p99 | speed | over the rounds |\n|---|---|---|---|---|---|')
  const show = (value) => amount(value, unit)
  for (const { name, median, spread, p99, ratio, ratioSpread } of rows) {
    const last = p99 === undefined ? '' : show(p99)
    console.log(row([name, show(median), between(spread, show), last, times(ratio), between(ratioSpread, times)]))
  }
}

/** A sweep: a line a contender, a column a point, speeds in the cells. */
function printSweep(points, breakEven) {
  const grains = points.map(({ rows }) => rows[0].median)
  console.log(row(['speed at', ...grains.map((grain) => amount(grain)), 'break-even']))
  console.log(`|---|${grains.map(() => '---|').join('')}---|`)
  for (const name of Object.keys(breakEven)) {
    const speeds = points.map(({ rows }) => rows.find((one) => one.name === name)?.ratio)
    console.log(
      row([
        name,
        ...speeds.map((speed) => (speed === undefined ? '' : times(speed))),
        crossing(breakEven[name], grains[0]),
      ]),
    )
  }
}
