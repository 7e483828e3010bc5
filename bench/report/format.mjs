/** Figures as people read them. */

const UNITS = [
  [1e-3, 1e6, 'ns'],
  [1, 1e3, 'µs'],
  [1e3, 1, 'ms'],
  [Infinity, 1e-3, 's'],
]

/** Three digits, or all before the point. */
const digits = (value) => (value < 1000 ? value.toPrecision(3) : value.toFixed(0))

/** A duration in the unit that suits it, anything else in its own. */
export function amount(value, unit = 'ms') {
  if (value === undefined) return 'never'
  if (unit !== 'ms') return `${digits(value)} ${unit}`
  if (value === 0) return '0'
  const [, factor, name] = UNITS.find(([below]) => Math.abs(value) < below)
  return `${digits(value * factor)} ${name}`
}

export const times = (ratio) => (ratio < 0.1 ? `${ratio.toFixed(3)}×` : `${ratio.toFixed(2)}×`)

export const between = ([low, high], show) => `${show(low)} – ${show(high)}`

/** A verdict as a sentence. */
export function sentence({ what, atLeast, atMost, unit, reached, met }) {
  const [goal, got] =
    atLeast === undefined
      ? [`${amount(atMost, unit)} or less`, Number.isFinite(reached) ? amount(reached, unit) : 'none']
      : [`${times(atLeast)} or better`, times(reached)]
  return `${what}: ${goal}; reached ${got}${met ? '' : ': MISSED'}`
}

/** A break-even; `smallest` is the grain of the first point. */
export function crossing(value, smallest) {
  if (value === undefined) return 'none'
  return value === 0 ? `below ${amount(smallest)}` : amount(value)
}
