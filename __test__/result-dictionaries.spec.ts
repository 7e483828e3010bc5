// The keys of records that come back travel once for each claim, and are forgotten with it.

import test from 'ava'

import { ResultDecoder } from '../dist/ts/lanes/result-decoder.js'
import { createPool } from '../dist/ts/pool/create.js'
import { makeRoom } from './fixtures/shared.ts'

await makeRoom()

const rows = (x: number): { id: number; name: string }[] => [1, 2, 3].map((n) => ({ id: x * n, name: `row ${n}` }))

/** Claims whose dictionary is held, at most and ever, while `act` runs; of all decoders of this process. */
async function watch(act: () => Promise<unknown>): Promise<{ ever: number; most: number }> {
  const held = new Set<number>()
  const { define, forget } = ResultDecoder.prototype
  let [ever, most] = [0, 0]
  ResultDecoder.prototype.define = function (claim, ...rest) {
    if (!held.has(claim)) ever++
    held.add(claim)
    most = Math.max(most, held.size)
    define.call(this, claim, ...rest)
  }
  ResultDecoder.prototype.forget = function (claim) {
    held.delete(claim)
    forget.call(this, claim)
  }
  try {
    await act()
  } finally {
    Object.assign(ResultDecoder.prototype, { define, forget })
  }
  return { ever, most }
}

test.serial('of a map they are held while their claims last', async (t) => {
  await using pool = createPool({ workers: 2 })
  const items = Array.from({ length: 400 }, (_, i) => i)
  const { ever, most } = await watch(async () => {
    t.deepEqual(await pool.parMap(items, rows, { chunk: 4 }), items.map(rows))
  })
  // More where an idle worker took part of a claim over.
  t.true(ever >= 100 && most <= 4, `${most} at a time of ${ever}`)
})

test.serial('of calls, too', async (t) => {
  await using pool = createPool({ workers: 2 })
  const { ever, most } = await watch(async () => {
    for (let i = 0; i < 50; i++)
      t.deepEqual(await Promise.all([pool.run(rows, [i]), pool.run(rows, [i + 1])]), [rows(i), rows(i + 1)])
  })
  t.true(ever >= 50 && most <= 4, `${most} at a time of ${ever}`)
})
