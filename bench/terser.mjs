/** terser over sources of installed packages: large items of very unlike cost. */
import { openReal } from './work/real.mjs'
import { sources } from './work/sources.mjs'

export const title = 'terser minifies sources of six packages'
export const goal = { peers: 1, 'plain loop': 1.85 }
export const rounds = 5

export const open = (quick) => openReal('minify', sources(quick ? 2 : 100))
