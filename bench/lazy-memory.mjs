/** The most memory that a process takes while 5,000,000 records pass a lazy map, above what it had before. The peers' maps run on the caller. */
import { openChildren } from './work/children.mjs'

export const title = 'Peak memory of 5,000,000 records through a lazy map'
export const unit = 'MiB'
export const limit = 64
export const rounds = 5
export const cold = true

const WAYS = ['p-map', 'Readable.map', 'everycore, on the caller', 'everycore, in workers']

export const open = async (quick) => openChildren(WAYS, 'lazy-memory.mjs', quick ? 5000 : 5_000_000)
