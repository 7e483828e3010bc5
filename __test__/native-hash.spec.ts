// `native.hash`: the digests of `node:crypto` and zlib, however the bytes are brought.

import { createHash } from 'node:crypto'
import { crc32 } from 'node:zlib'

import test from 'ava'

import { createPool, native } from 'everycore'

function bytes(length: number, seed = 1): Buffer {
  const buffer = Buffer.alloc(length)
  let state = seed
  for (let i = 0; i < length; i++) buffer[i] = state = (Math.imul(state, 75) + 74) & 0xffff
  return buffer
}

function shared(buffer: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(buffer.length + 1), 1)
  copy.set(buffer)
  return copy
}

const sha = (name: string, message: Uint8Array): string => createHash(name).update(message).digest('hex')
const hex = (buffers: readonly Buffer[]): string[] => buffers.map((buffer) => buffer.toString('hex'))

test('published digests', async (t) => {
  const abc = Buffer.from('abc')
  t.is((await native.hash('sha256', abc)).toString('hex'), sha('sha256', abc))
  t.is((await native.hash('sha512', abc)).toString('hex'), sha('sha512', abc))
  t.is(
    (await native.hash('blake3', abc)).toString('hex'),
    '6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85',
  )
  t.is((await native.hash('xxh3', abc)).toString('hex'), '78af5f94892f3950')
  t.is((await native.hash('crc32', abc)).toString('hex'), '352441c2')
})

test('messages of all lengths, on either memory and mixed', async (t) => {
  const lengths = [0, 1, 63, 64, 65, 262_143, 262_144, 262_145, 3_000_000, 5, 0, 700_000]
  const messages = lengths.map((length, i) => bytes(length, i + 1))
  const mixed = messages.map((message, i) => (i % 2 === 0 ? shared(message) : message))
  for (const given of [messages, messages.map(shared), mixed]) {
    for (const name of ['sha256', 'sha512'] as const) {
      t.deepEqual(
        hex(await native.hash(name, given)),
        messages.map((message) => sha(name, message)),
      )
    }
    for (const name of ['blake3', 'xxh3', 'crc32'] as const) {
      const one = []
      for (const message of given) one.push(await native.hash(name, message))
      t.deepEqual(hex(await native.hash(name, given)), hex(one), name)
    }
  }
  if (crc32 !== undefined) {
    t.deepEqual(
      (await native.hash('crc32', messages)).map((digest) => digest.readUInt32BE()),
      messages.map((message) => crc32(message)),
    )
  }
})

test('more messages than staging memory holds', async (t) => {
  const messages = Array.from({ length: 3000 }, (_, i) => bytes(5000, i + 1))
  const wanted = messages.map((message) => sha('sha256', message))
  t.deepEqual(hex(await native.hash('sha256', messages)), wanted)
  const both = await Promise.all([native.hash('sha256', messages), native.hash('sha256', messages.map(shared))])
  for (const digests of both) t.deepEqual(hex(digests), wanted)
})

test('a Buffer for bytes, an array of Buffers for an array', async (t) => {
  const digest = await native.hash('sha256', new Uint8Array(3))
  t.true(Buffer.isBuffer(digest))
  t.is(digest.length, 32)
  t.deepEqual(await native.hash('sha256', []), [])
  t.is((await native.hash('sha512', [Buffer.alloc(0)]))[0]?.length, 64)
})

test('what cannot be hashed is refused', async (t) => {
  const refused = async (job: Promise<unknown>, message: RegExp): Promise<void> =>
    void (await t.throwsAsync(job, { code: 'ERR_OPTION', message }))
  await refused(native.hash('md5' as never, Buffer.alloc(1)), /one of sha256, sha512, blake3, xxh3, crc32, got "md5"/)
  await refused(native.hash('toString' as never, Buffer.alloc(1)), /one of sha256/)
  await refused(native.hash('sha256', 'text' as never), /must be a Buffer or Uint8Array/)
  await refused(native.hash('sha256', [Buffer.alloc(1), new Uint16Array(1)] as never), /message 1/)
  const detached = Buffer.from(new ArrayBuffer(8))
  structuredClone(detached.buffer, { transfer: [detached.buffer] })
  await refused(native.hash('sha256', detached), /detached/)
})

test('a message that is detached while it is taken is told as such', async (t) => {
  const messages = Array.from({ length: 40 }, () => Buffer.from(new ArrayBuffer(1_000_000)))
  const job = native.hash('sha256', messages)
  const last = messages.at(-1) as Buffer<ArrayBuffer>
  structuredClone(last.buffer, { transfer: [last.buffer] })
  await t.throwsAsync(job, { code: 'ERR_OPTION', message: /message 39 was detached/ })
})

test('a list that is made shorter meanwhile is told as such', async (t) => {
  const messages = Array.from({ length: 5000 }, () => Buffer.alloc(100))
  const job = native.hash('sha256', messages)
  messages.length = 3000
  await t.throwsAsync(job, { code: 'ERR_OPTION', message: /message 3000 must be/ })
})

test('given up in the middle; the next ones are fine', async (t) => {
  await using pool = createPool({ nativeThreads: 2 })
  const messages = Array.from({ length: 2000 }, (_, i) => bytes(16_384, i + 1))
  const digests = messages.map((message) => sha('sha256', message))
  for (let i = 0; i < 8; i++) {
    const controller = new AbortController()
    const job = pool.native.hash('sha256', i % 2 === 0 ? messages : messages.map(shared), { signal: controller.signal })
    if (i === 0) controller.abort()
    else setTimeout(() => controller.abort(), i)
    // A late timer finds all done.
    const outcome = await job.then(hex, (reason: Error) => reason.name)
    if (i === 0 || typeof outcome === 'string') t.is(outcome, 'AbortError')
    else t.deepEqual(outcome, digests)
  }
  t.deepEqual(hex(await pool.native.hash('sha256', messages.slice(0, 100))), digests.slice(0, 100))
})
