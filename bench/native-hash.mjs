/** sha256 of 4,000 buffers of 16 KiB, against `node:crypto` in a loop. */
import { openDigests } from './work/digests.mjs'

export const title = 'sha256 of 4,000 buffers of 16 KiB'
export const goal = 1.4
export const rounds = 15

export const open = async (quick) => openDigests((buffer) => buffer, quick)
