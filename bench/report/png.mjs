/** An SVG as a PNG, for pages that show no SVG. With a font of its own, for there may be none on the machine. */
import { createRequire } from 'node:module'
import { Resvg } from '@resvg/resvg-js'

const require = createRequire(import.meta.url)
const FAMILY = 'DejaVu Sans'
const fonts = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => require.resolve(`dejavu-fonts-ttf/ttf/${file}`))
/** Twice the size, for screens with small points. */
const ZOOM = 2

export function png(svg) {
  const options = {
    fitTo: { mode: 'zoom', value: ZOOM },
    font: { loadSystemFonts: false, fontFiles: fonts, defaultFontFamily: FAMILY, sansSerifFamily: FAMILY },
  }
  return new Resvg(svg, options).render().asPng()
}
