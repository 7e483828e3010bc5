/** One page with everything that was measured; it needs no other file. */
import { bars } from './bars.mjs'
import { amount, between, crossing, sentence, times } from './format.mjs'
import { lines } from './lines.mjs'
import { overview } from './overview.mjs'
import { escaped } from './svg.mjs'

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; color: #1f2933; background: #f5f7fa; max-width: 800px; margin: 2rem auto; padding: 0 1rem }
  svg { max-width: 100%; height: auto; border: 1px solid #e4e7eb; border-radius: 8px; margin: .5rem 0 }
  table { border-collapse: collapse; font-size: 13px; background: #fff } td, th { border: 1px solid #e4e7eb; padding: .2rem .5rem; text-align: right }
  td:first-child, th:first-child { text-align: left } .missed { color: #c92a2a } details { margin: .5rem 0 2rem } .scroll { overflow-x: auto }`

const marked = (title) => escaped(title).replaceAll(/`(.*?)`/g, '<code>$1</code>')
const cells = (tag, values) => `<tr>${values.map((value) => `<${tag}>${escaped(value)}</${tag}>`).join('')}</tr>`
const table = (head, rows) =>
  `<div class="scroll"><table>${cells('th', head)}${rows.map((one) => cells('td', one)).join('')}</table></div>`

function rowsTable({ unit, points: [{ rows }] }) {
  const show = (value) => amount(value, unit)
  return table(
    ['', 'median', '10–90 %', 'p99', 'speed', 'over the rounds', ''],
    rows.map(({ name, median, spread, p99, ratio, ratioSpread, note }) => [
      name,
      show(median),
      between(spread, show),
      p99 === undefined ? '' : show(p99),
      times(ratio),
      between(ratioSpread, times),
      note ?? '',
    ]),
  )
}

function sweepTable({ points, breakEven }) {
  const grains = points.map(({ rows }) => rows[0].median)
  return table(
    ['speed at', ...grains.map((grain) => amount(grain)), 'break-even'],
    Object.keys(breakEven).map((name) => [
      name,
      ...points.map(({ rows }) => {
        const row = rows.find((one) => one.name === name)
        return row === undefined ? '' : times(row.ratio)
      }),
      crossing(breakEven[name], grains[0]),
    ]),
  )
}

function section(record) {
  const goals = record.verdicts.map(
    (verdict) => `<p${verdict.met ? '' : ' class="missed"'}>Goal: ${escaped(sentence(verdict))}</p>`,
  )
  const { rounds, processes } = record
  const how = `${rounds} rounds${processes > 1 ? ` in each of ${processes} processes` : ''}`
  return `<h2 id="${record.name}">${marked(record.title)}</h2>
${plot(record)}${goals.join('\n')}
<details><summary>Figures (${how})</summary>${record.sweep === undefined ? rowsTable(record) : sweepTable(record)}</details>`
}

/** The plot of one workload. */
export const plot = (record) => (record.sweep === undefined ? bars(record) : lines(record))

export function page({ machine, records }) {
  const { everycore, node, system, processor, threads, workers, memory, load, versions } = machine
  const peers = Object.entries(versions)
    .map((pair) => pair.join(' '))
    .join(', ')
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>everycore ${escaped(everycore)}: benchmarks</title>
<style>${STYLE}</style>
<h1>everycore ${escaped(everycore)}: benchmarks</h1>
<p>Node.js ${escaped(node)}, ${escaped(system)}<br>${escaped(processor)}, ${threads} threads, ${workers} workers, ${escaped(memory)}; load before the start: ${load.toFixed(2)}<br>${escaped(peers)}</p>
<p>Contenders run in turns, round by round. Bars are medians, whiskers hold the middle 80 %, the figure at the right is the speed against the first bar, as a median of ratios within a round.</p>
${overview(records)}
${records.map(section).join('\n')}
</html>
`
}
