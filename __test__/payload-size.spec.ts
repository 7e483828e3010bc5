// Payloads of 2 GiB, 4 GiB and beyond: refused by name before anything is copied, wherever they stand, or shared whole. Nothing of such size is ever
// touched here, so that none of it takes memory.

import { freemem } from 'node:os'
import test from 'ava'
import { createPool, native, share, type Pool } from 'everycore'

const GIB = 2 ** 30
const refused = { name: 'PayloadTooLargeError', code: 'ERR_PAYLOAD_TOO_LARGE' } as const
const sizes = [2 * GIB, 4 * GIB, 4 * GIB + 8]

let pool: Pool
test.before(() => {
  pool = createPool({ workers: 2 })
})
test.after.always(() => pool.close())

/** What the system will not give is no concern of ours, and no reason to fail. */
function given<T>(make: () => T): T | undefined {
  if (freemem() < GIB) return undefined
  try {
    return make()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

const lengthOf = (x: { byteLength: number }): number => x.byteLength

for (const size of sizes) {
  const inGiB = `${size / GIB} GiB`

  test(`arguments and items of ${inGiB}`, async (t) => {
    const buffer = given(() => new ArrayBuffer(size))
    if (buffer === undefined) return t.pass()
    await t.throwsAsync(pool.run(lengthOf, [buffer]), refused)
    await t.throwsAsync(pool.broadcast(lengthOf, [buffer]), refused)
    await t.throwsAsync(
      pool.run((x: number) => x, [1], { use: { buffer } }),
      refused,
    )
    await t.throwsAsync(
      pool.run((x: number) => x, [1], { metadata: { buffer } }),
      refused,
    )
    const outcomes = await pool.parMap([{ byteLength: 1 }, buffer, { byteLength: 3 }], lengthOf).settled()
    t.deepEqual(
      outcomes.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code)),
      [1, refused.code, 3],
    )
  })

  test(`a buffer of ${inGiB} that is to be moved stays where it is`, async (t) => {
    const buffer = given(() => new ArrayBuffer(size))
    if (buffer === undefined) return t.pass()
    await t.throwsAsync(pool.run(lengthOf, [buffer], { transfer: [buffer] }), refused)
    t.is(buffer.byteLength, size)
  })

  test(`results of ${inGiB}`, async (t) => {
    if (given(() => new ArrayBuffer(size)) === undefined) return t.pass()
    const make = (x: number, _index: number, { use }: { use: { size: number } }): unknown =>
      x === 1 ? new ArrayBuffer(use.size) : x
    const outcomes = await pool.parMap([0, 1, 2], make, { use: { size } }).settled()
    t.deepEqual(
      outcomes.map((one) => (one.status === 'fulfilled' ? one.value : (one.reason as { code: string }).code)),
      [0, refused.code, 2],
    )
    const error = await t.throwsAsync<Error & { buffer?: unknown; kept?: unknown }>(
      pool.run(
        (length: number) => {
          throw Object.assign(new RangeError('mine'), { buffer: new ArrayBuffer(length), kept: 1 })
        },
        [size],
      ),
      { instanceOf: RangeError, message: 'mine' },
    )
    t.deepEqual([error.kept, 'buffer' in error], [1, false])
  })

  test(`shared memory of ${inGiB} is one memory for all threads`, async (t) => {
    const shared = given(() => new SharedArrayBuffer(size))
    if (shared === undefined) return t.pass()
    const mark = (memory: SharedArrayBuffer): number => {
      new DataView(memory, memory.byteLength - 8).setFloat64(0, 1.5)
      return memory.byteLength
    }
    t.is(await pool.run(mark, [shared]), size)
    t.is(new DataView(shared, size - 8).getFloat64(0), 1.5)
    t.is(
      ((await pool.run((length: number) => new SharedArrayBuffer(length), [size])) as SharedArrayBuffer).byteLength,
      size,
    )
  })
}

test('views that structured clone would cut off', async (t) => {
  const shared = given(() => new SharedArrayBuffer(4 * GIB + 8))
  if (shared === undefined) return t.pass()
  const message = /a view on 4 GiB or more of shared memory cannot be sent/
  const behind = new DataView(shared, 4 * GIB, 8)
  const across = new DataView(shared, 4 * GIB - 8, 8)
  const before = new DataView(shared, 0, 15)
  for (const view of [behind, across, before]) {
    await t.throwsAsync(pool.run(lengthOf, [view]), { ...refused, message })
    await t.throwsAsync(
      pool.parMap([{ deep: [view] }], (x) => x),
      { message },
    )
    t.throws(() => share({ view }), { ...refused, message })
    await t.throwsAsync(
      pool.run((_x, { use }) => use.view.byteLength, [1], { use: { view } }),
      { ...refused, message },
    )
  }
})

test('kernels take what is over 2 GiB', async (t) => {
  const bytes = given(() => new Uint8Array(new SharedArrayBuffer(2 * GIB + 5)))
  // Reading what was never written takes no memory either, but time.
  if (bytes === undefined) return t.pass()
  bytes[2 * GIB + 4] = 7
  t.is(await native.max(bytes), 7)
})
