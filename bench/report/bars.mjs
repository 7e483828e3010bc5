/** A workload as bars: a contender each, its median as length, its spread as a whisker. Shorter is better. */
import { amount, times } from './format.mjs'
import { colourOf, FAINT, INK, line, shape, svg, text } from './svg.mjs'

const WIDTH = 760
const NAMES = 220
const FIGURES = 150
const ROW = 26
const HEAD = 48

export function bars({ title, unit, points }) {
  const [{ rows }] = points
  const longest = Math.max(...rows.map(({ median, spread }) => Math.max(median, spread[1])))
  const at = (value) => NAMES + (longest === 0 ? 0 : (value / longest) * (WIDTH - NAMES - FIGURES))
  const parts = [text(title.replaceAll('`', ''), 16, 26, { size: 14, weight: 600 })]
  rows.forEach(({ name, median, spread, ratio }, i) => {
    const top = HEAD + i * ROW
    const middle = top + ROW / 2
    const weight = name.startsWith('everycore') ? 600 : 400
    parts.push(
      text(name, NAMES - 10, middle + 4, { anchor: 'end', weight }),
      shape('rect', {
        x: NAMES,
        y: top + 4,
        width: Math.max(1, at(median) - NAMES),
        height: ROW - 8,
        rx: 2,
        fill: colourOf(name),
      }),
      line(at(spread[0]), middle, at(spread[1]), middle, INK, { 'stroke-width': 1.5 }),
      text(amount(median, unit), Math.max(at(median), at(spread[1])) + 8, middle + 4, { weight }),
      text(i === 0 ? '' : times(ratio), WIDTH - 16, middle + 4, { anchor: 'end', fill: FAINT }),
    )
  })
  return svg(WIDTH, HEAD + rows.length * ROW + 16, title, parts)
}
