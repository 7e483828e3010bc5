// The scheduler counts the items of a job in 32 bits; a lane goes on beyond.

import test from 'ava'

import { Ledger } from '../dist/ts/ledger/ledger.js'
import { openWorkerLane } from '../dist/ts/lanes/open-workers.js'
import { normaliseLazyParMap } from '../dist/ts/options/normalise.js'
import { hubOf } from '../dist/ts/pool/backing.js'
import { createPool } from '../dist/ts/pool/create.js'
import { ship } from '../dist/ts/shipping/ship.js'
import { turn } from './fixtures/watched.ts'

/** Where a job is given up for another one. */
const LAST = 0xfff0_0000

test('indexes beyond 32 bits', async (t) => {
  await using pool = createPool({ workers: 2 })
  const got = new Map<number, unknown>()
  const errors: number[] = []
  let rooms = 0
  const tally = new Ledger('far').tally('far')
  const lane = openWorkerLane(
    hubOf(pool),
    ship((item: number, index: number, { attempt }: { attempt: number }) => {
      if (item === 7 && attempt === 1) throw new Error('again')
      return [item, index, attempt]
    }),
    {
      ...normaliseLazyParMap({ retries: 1 }),
      ...{ id: '1', name: 'far', site: { stack: '' }, tally, shape: 'item', addContext: true, openEnded: true },
    },
    {
      value: (index, value) => void got.set(index, value),
      row: () => t.fail('claims of one item have no rows'),
      error: (index) => {
        errors.push(index)
        lane.again(index)
      },
      room: () => rooms++,
      fail: (reason) => t.fail(String(reason)),
      cancelled: () => {},
    },
  )
  const run = async (...items: [index: number, item: number][]): Promise<void> => {
    for (const [index, item] of items) lane.push(index, item)
    lane.flush()
    while (!items.every(([index]) => got.has(index))) await turn()
    for (const [index, item] of items) t.deepEqual(got.get(index), [item, index, errors.includes(index) ? 2 : 1])
  }
  t.true(lane.room() > 0)
  await run([LAST - 2, 1], [LAST - 1, 2])
  t.true(lane.room() > 0)

  lane.push(LAST, 3)
  lane.flush()
  t.is(lane.room(), 0, 'the job is spent, but not yet done')
  while (!got.has(LAST)) await turn()
  t.is(rooms, 1)
  t.true(lane.room() > 0, 'another job has taken over')

  // What was a promise comes late, from before the change.
  await run([LAST + 1, 4], [LAST - 1000, 5], [2 ** 32 + 5, 6], [2 ** 32 + 6, 7])
  t.deepEqual(errors, [2 ** 32 + 6])
  await run([2 ** 32 + LAST / 2, 8])
  t.true(lane.room() > 0)
  await run([2 ** 32 + LAST, 9])
  t.true(lane.room() > 0)
  await run([2 ** 33, 10])
  lane.close()
})
