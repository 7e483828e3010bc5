/** TypeScript over this project's own sources. */
import { openReal } from './work/real.mjs'
import { modules } from './work/sources.mjs'

export const title = 'TypeScript transpiles the modules of this package'
export const goal = { peers: 1, 'plain loop': 1.85 }
export const rounds = 15

export const open = (quick) => openReal('transpile', modules(quick ? 4 : 200))
