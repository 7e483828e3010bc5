/** Prints what was measured, and on what. */
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { cpuCount } from 'everycore'
import { Piscina } from 'piscina'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'))

/** The head of a report: without it figures mean nothing. */
export function printMachine() {
  const runtime = `Node.js ${process.version} (V8 ${process.versions.v8}), ${process.platform} ${process.arch} ${release()}`
  console.log(`everycore ${version}, piscina ${Piscina.version}, ${runtime}`)
  const memory = Math.round(totalmem() / 2 ** 30)
  console.log(
    `${cpus()[0]?.model ?? 'unknown processor'}, ${availableParallelism()} threads, ${cpuCount()} workers, ${memory} GiB`,
  )
  console.log(`load before the start: ${loadavg()[0].toFixed(2)}\n`)
}

/** A duration with three digits and the unit that suits it. */
function duration(ms) {
  const [value, unit] = ms < 1 ? [ms * 1000, 'µs'] : [ms, 'ms']
  return `${value.toPrecision(value < 1000 ? 3 : 4)} ${unit}`
}

const range = ([low, high], show) => `${show(low)} – ${show(high)}`
const times = (ratio) => `${ratio.toFixed(2)}×`

/** One workload's table; the goal, if there is one, speaks of the last contender's ratio to the first, the limit of its median. */
export function printResults(title, { goal, limit }, rows) {
  console.log(`\n## ${title}\n`)
  console.log('| | median | 10–90 % | p99 | speed | over the rounds |\n|---|---|---|---|---|---|')
  for (const { name, median, spread, p99, ratio, ratioSpread } of rows) {
    const cells = [
      name,
      duration(median),
      range(spread, duration),
      p99 ? duration(p99) : '',
      times(ratio),
      range(ratioSpread, times),
    ]
    console.log(`| ${cells.join(' | ')} |`)
  }
  const { ratio, median } = rows.at(-1)
  if (goal !== undefined)
    console.log(`\nGoal: ${times(goal)} or better; reached ${times(ratio)}${ratio >= goal ? '' : ': MISSED'}\n`)
  if (limit !== undefined)
    console.log(`\nGoal: ${duration(limit)} at most; took ${duration(median)}${median <= limit ? '' : ': MISSED'}\n`)
}
