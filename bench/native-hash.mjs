/** sha256 of 4,000 buffers of 16 KiB, against `node:crypto` in a loop. */
import { createHash } from 'node:crypto'
import { native } from 'everycore'
import { random } from './work/data.mjs'
import { time } from './measure.mjs'

export const title = 'sha256 of 4,000 buffers of 16 KiB'
export const goal = 1.4
export const rounds = 15

export async function open(quick) {
  const numbers = random(3)
  const fill = () => new Uint8Array(16_384).fill(Math.floor(256 * numbers.next().value))
  const buffers = Array.from({ length: quick ? 100 : 4000 }, fill)
  const messages = buffers
  const expected = buffers.map((buffer) => createHash('sha256').update(buffer).digest('hex'))
  let result
  const contenders = {
    'plain loop over node:crypto': async () => [
      await time(() => (result = buffers.map((buffer) => createHash('sha256').update(buffer).digest()))),
    ],
    everycore: async () => [await time(async () => (result = await native.hash('sha256', messages)))],
  }
  const check = () =>
    result.every((digest, i) => digest.toString('hex') === expected[i]) ? undefined : 'wrong digests'
  return { contenders, check, close: () => undefined }
}
