// Pools share the threads of the process: idle workers leave when another pool needs theirs.

import { availableParallelism } from 'node:os'
import test from 'ava'

import { createPool, workerModule } from 'everycore'
import { together } from './fixtures/together.ts'

/** As many as the budget allows: what the largest pool asks for, at least one for each core. */
const workers = Math.max(3, availableParallelism())
/** They would never leave by themselves. */
const idleTimeout = Infinity

interface Landlord {
  open(workers: number): Promise<number[]>
  close(): Promise<void>
}
const landlord = workerModule<Landlord>(new URL('./fixtures/landlord.mjs', import.meta.url))

const distinct = (threads: number[]): number => new Set(threads).size

test.serial(
  'a pool gets all of its workers while the idle ones of another fill the budget, and back again',
  async (t) => {
    await using one = createPool({ workers, idleTimeout })
    await using two = createPool({ workers, idleTimeout })
    for (const pool of [one, two, one, two]) t.is(distinct(await together(pool, workers)), workers)
  },
)

test.serial('the idle workers of several pools make room', async (t) => {
  await using one = createPool({ workers, idleTimeout })
  await using two = createPool({ workers, idleTimeout })
  await using three = createPool({ workers, idleTimeout })
  await Promise.all([together(one, 1), together(two, workers - 1)])
  t.is(distinct(await together(three, workers)), workers)
})

test.serial('workers that become idle while another pool waits for their threads leave then', async (t) => {
  await using one = createPool({ workers, idleTimeout })
  await using two = createPool({ workers, idleTimeout })
  const first = together(one, workers)
  const second = together(two, workers)
  t.is(distinct(await first), workers)
  t.is(distinct(await second), workers)
})

test.serial('minWorkers stay', async (t) => {
  await using one = createPool({ workers, idleTimeout, minWorkers: 1 })
  await using two = createPool({ workers, idleTimeout })
  const before = await together(one, workers)
  await together(two, workers - 1)
  const [kept] = await together(one, 1)
  t.true(before.includes(kept as number))
})

test.serial('the idle workers of a pool that a task has opened leave, too', async (t) => {
  await using outer = createPool({ workers: 1, minWorkers: 1, idleTimeout })
  await using pool = createPool({ workers, idleTimeout })
  t.is(distinct(await outer.run(landlord.open, [workers - 1])), workers - 1)
  t.is(distinct(await together(pool, workers - 1)), workers - 1)
  await outer.run(landlord.close)
})
