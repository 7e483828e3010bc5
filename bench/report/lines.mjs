/** A sweep as lines: how much faster than the first contender each one is, over the first one's time an item. Both scales are logarithmic. */
import { amount } from './format.mjs'
import { colourOf, FAINT, INK, line, RULE, shape, svg, text } from './svg.mjs'

const WIDTH = 760
const HEIGHT = 460
const LEFT = 64
const TOP = 48
const RIGHT = WIDTH - 220
const BOTTOM = HEIGHT - 56
const SLOWEST = 0.01

const scale = (low, high, from, to) => (value) => from + (Math.log(value / low) / Math.log(high / low)) * (to - from)

/** One by one is drawn broken: the same library without chunks. */
const dashOf = (name) => (name.includes('one by one') ? { 'stroke-dasharray': '5 4' } : {})

function powersBetween(low, high) {
  const powers = []
  for (let power = 10 ** Math.ceil(Math.log10(low)); power <= high; power *= 10) powers.push(power)
  return powers
}

export function lines({ title, sweep, points }) {
  const grains = points.map(({ rows }) => rows[0].median)
  const fastest = Math.max(2, ...points.flatMap(({ rows }) => rows.map(({ ratio }) => ratio)))
  const x = scale(grains[0], grains.at(-1), LEFT, RIGHT)
  const y = scale(SLOWEST, fastest * 1.15, BOTTOM, TOP)
  const parts = [text(title.replaceAll('`', ''), 16, 26, { size: 14, weight: 600 })]
  for (const grain of powersBetween(grains[0], grains.at(-1))) {
    parts.push(line(x(grain), TOP, x(grain), BOTTOM, RULE))
    parts.push(text(amount(grain), x(grain), BOTTOM + 18, { anchor: 'middle', fill: FAINT }))
  }
  for (const speed of [0.01, 0.1, 0.5, 1, 2, 4, 8].filter((value) => value <= fastest * 1.1)) {
    const even = speed === 1
    parts.push(line(LEFT, y(speed), RIGHT, y(speed), even ? INK : RULE, even ? { 'stroke-width': 1.5 } : {}))
    parts.push(text(`${speed}×`, LEFT - 8, y(speed) + 4, { anchor: 'end', fill: even ? INK : FAINT }))
  }
  parts.push(
    text(`${sweep.name}, in ${points[0].rows[0].name}`, (LEFT + RIGHT) / 2, HEIGHT - 16, {
      anchor: 'middle',
      fill: FAINT,
    }),
  )
  const names = points[0].rows.slice(1).map(({ name }) => name)
  names.forEach((name, i) => {
    const colour = colourOf(name)
    const ours = name.startsWith('everycore')
    const stroke = { fill: 'none', stroke: colour, 'stroke-width': ours ? 3 : 1.5, ...dashOf(name) }
    const line = points.flatMap(({ rows }, at) => {
      const row = rows.find((one) => one.name === name)
      return row === undefined ? [] : `${x(grains[at]).toFixed(1)},${y(Math.max(SLOWEST, row.ratio)).toFixed(1)}`
    })
    const place = TOP + 12 + i * 20
    parts.push(
      shape('polyline', { points: line.join(' '), 'stroke-linejoin': 'round', ...stroke }),
      shape('line', { x1: RIGHT + 20, y1: place, x2: RIGHT + 44, y2: place, ...stroke }),
      text(name, RIGHT + 52, place + 4, { size: 11, weight: ours ? 600 : 400 }),
    )
  })
  return svg(WIDTH, Math.max(HEIGHT, TOP + 40 + names.length * 20), title, parts)
}
