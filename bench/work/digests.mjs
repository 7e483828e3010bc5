/** sha256 of 4,000 buffers of 16 KiB, against `node:crypto` in a loop. */
import * as crypto from 'node:crypto'
import { native } from 'everycore'
import { time } from '../measure.mjs'
import { random } from './data.mjs'

/** `place` says where ours finds each buffer. */
export function openDigests(place, quick) {
  const numbers = random(3)
  const fill = () => new Uint8Array(16_384).fill(Math.floor(256 * numbers.next().value))
  const buffers = Array.from({ length: quick ? 100 : 4000 }, fill)
  const messages = buffers.map(place)
  // In one step where Node.js offers it, which is the faster way.
  const digestOf =
    crypto.hash === undefined
      ? (buffer) => crypto.createHash('sha256').update(buffer).digest()
      : (buffer) => crypto.hash('sha256', buffer, 'buffer')
  const expected = buffers.map((buffer) => digestOf(buffer).toString('hex'))
  let result
  const contenders = {
    'plain loop over node:crypto': async () => [await time(() => (result = buffers.map(digestOf)))],
    everycore: async () => [await time(async () => (result = await native.hash('sha256', messages)))],
  }
  const check = () =>
    result.every((digest, i) => digest.toString('hex') === expected[i]) ? undefined : 'wrong digests'
  return { contenders, check, close: () => undefined }
}
