/** All workloads with a best peer or a plain loop at a glance: how many times faster we are than each, on a logarithmic scale. */
import { times } from './format.mjs'
import { FAINT, INK, line, RULE, shape, svg, text } from './svg.mjs'

const WIDTH = 760
const NAMES = 350
const RIGHT = WIDTH - 70
const ROW = 24
const HEAD = 64
const PEER = '#1971c2'
const PLAIN = '#9aa5b1'

/** A workload's line; none for a sweep, nor where a figure is 0, as an idle process may have it. */
function comparison({ title, against }) {
  const [peer, plain] = [against?.peer?.ratio, against?.plain?.ratio].map((ratio) =>
    ratio > 0 && ratio < Infinity ? ratio : undefined,
  )
  return peer === undefined && plain === undefined ? undefined : { title, peer, plain }
}

export function overview(records) {
  const compared = records.map(comparison).filter((one) => one !== undefined)
  const ratios = compared.flatMap(({ peer, plain }) => [peer, plain]).filter((ratio) => ratio !== undefined)
  const [low, high] = [Math.min(0.5, ...ratios) * 0.9, Math.max(2, ...ratios) * 1.1]
  const x = (ratio) => NAMES + (Math.log(ratio / low) / Math.log(high / low)) * (RIGHT - NAMES)
  const bottom = HEAD + compared.length * ROW
  const parts = [
    text('everycore: times faster than …', 16, 26, { size: 14, weight: 600 }),
    shape('circle', { cx: NAMES + 6, cy: 40, r: 5, fill: PEER }),
    text('the best peer at its best settings', NAMES + 18, 44, { size: 11 }),
    shape('circle', { cx: NAMES + 216, cy: 40, r: 5, fill: PLAIN }),
    text('plain code', NAMES + 228, 44, { size: 11 }),
  ]
  for (const ratio of [0.1, 0.5, 1, 2, 5, 10, 20, 50].filter((one) => one >= low && one <= high)) {
    parts.push(line(x(ratio), HEAD - 8, x(ratio), bottom, ratio === 1 ? INK : RULE))
    parts.push(text(`${ratio}×`, x(ratio), bottom + 18, { anchor: 'middle', fill: FAINT }))
  }
  compared.forEach(({ title, peer, plain }, i) => {
    const middle = HEAD + i * ROW + ROW / 2
    parts.push(text(shortened(title.replaceAll('`', '')), NAMES - 12, middle + 4, { anchor: 'end', size: 11 }))
    if (plain !== undefined) parts.push(shape('circle', { cx: x(plain), cy: middle, r: 5, fill: PLAIN }))
    if (peer === undefined) return
    parts.push(shape('circle', { cx: x(peer), cy: middle, r: 5, fill: PEER }))
    parts.push(text(times(peer), WIDTH - 16, middle + 4, { anchor: 'end', fill: FAINT, size: 11 }))
  })
  return svg(WIDTH, bottom + 36, 'everycore against the best peer and plain code', parts)
}

const shortened = (title) => (title.length > 52 ? `${title.slice(0, 51)}…` : title)
