/** `parMap` of Buffers to numbers: about a microsecond of work for each KiB. */
import { openMap } from './work/maps.mjs'

export const title = '`parMap` of 20,000 Buffers of 1 KiB, Adler-32'
export const rounds = 7

// `alloc`, because a Buffer on the shared pool of Node would be cloned with all its neighbours by peers.
const bytes = (i) => Buffer.alloc(1024, i)

export const open = (quick) =>
  openMap({ name: 'checksum', items: Array.from({ length: quick ? 200 : 20_000 }, (_, i) => bytes(i)), quick })
