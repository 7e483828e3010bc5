/** The few shapes that plots are made of. Every plot stands on a light ground of its own, so that it can be read on any page. */

export const INK = '#1f2933'
export const FAINT = '#616e7c'
export const RULE = '#e4e7eb'

/** A contender's colour: ours stands out, code without a library recedes. */
const COLOURS = {
  everycore: '#d9480f',
  plain: '#9aa5b1',
  piscina: '#1971c2',
  'piscina without atomics': '#74b0e4',
  tinypool: '#2f9e44',
  workerpool: '#9c36b5',
  poolifier: '#c99700',
  'jest-worker': '#0c8599',
}

/** By the first word of the name, or by what stands before a comma. */
export function colourOf(name) {
  const library = name.split(',')[0]
  return COLOURS[library] ?? COLOURS[library.split(' ')[0]] ?? '#52606d'
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
export const escaped = (text) => String(text).replaceAll(/[&<>"]/g, (character) => ESCAPES[character])

const attributes = (given) =>
  Object.entries(given)
    .map(([name, value]) => ` ${name}="${typeof value === 'number' ? Number(value.toFixed(2)) : escaped(value)}"`)
    .join('')

export const shape = (tag, given) => `<${tag}${attributes(given)}/>`

export const text = (content, x, y, { fill = INK, anchor = 'start', size = 12, weight = 400 } = {}) =>
  `<text${attributes({ x, y, fill, 'text-anchor': anchor, 'font-size': size, 'font-weight': weight })}>${escaped(content)}</text>`

export const line = (x1, y1, x2, y2, stroke, more = {}) => shape('line', { x1, y1, x2, y2, stroke, ...more })

export function svg(width, height, title, parts) {
  const head = attributes({
    xmlns: 'http://www.w3.org/2000/svg',
    viewBox: `0 0 ${width} ${height}`,
    width,
    height,
    role: 'img',
    'font-family': 'system-ui, -apple-system, Segoe UI, Roboto, sans-serif',
  })
  const ground = shape('rect', { width, height, rx: 8, fill: '#ffffff' })
  return `<svg${head}>\n<title>${escaped(title)}</title>\n${[ground, ...parts].join('\n')}\n</svg>\n`
}
