/** Where figures go: to the console, and into files. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { page, plot } from './report/html.mjs'
import { overview } from './report/overview.mjs'
import { png } from './report/png.mjs'

export { printMachine, printRecord } from './report/console.mjs'
export { machine } from './report/machine.mjs'

/** Writes `latest.json`, `report.html` (which stands alone), each workload's plot as an SVG file, and all of them in one as a PNG. */
export function writeReport(directory, report) {
  mkdirSync(directory, { recursive: true })
  const write = (name, content) => writeFileSync(join(directory, name), content)
  write('latest.json', `${JSON.stringify(report, undefined, 2)}\n`)
  write('report.html', page(report))
  write('overview.png', png(overview(report.records)))
  for (const record of report.records) write(`${record.name}.svg`, plot(record))
}
