/** sha256 of 4,000 buffers of 16 KiB on shared memory, against `node:crypto` in a loop. */
import { shared } from './work/data.mjs'
import { openDigests } from './work/digests.mjs'

export const title = 'sha256 of 4,000 buffers of 16 KiB on shared memory'
export const goal = 1.8
export const rounds = 15

export const open = async (quick) => openDigests(shared, quick)
