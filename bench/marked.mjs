/** marked over the READMEs of installed packages. */
import { openReal } from './work/real.mjs'
import { readmes } from './work/sources.mjs'

export const title = 'marked renders the READMEs of installed packages'
export const goal = { peers: 1, 'plain loop': 1.85 }
export const rounds = 25

export const open = (quick) => openReal('render', readmes(quick ? 10 : 400))
