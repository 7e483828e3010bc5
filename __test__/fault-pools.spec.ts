// Many pools, opened and closed, one after the other and at once: none is kept, the process does not grow with their number, and it leaves by itself.
import test from 'ava'
import { createPool } from 'everycore'
import { assertIdle } from 'everycore/testing'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

const MB = 2 ** 20
const REPEATS = 3

test('pools that are closed leave no memory, no threads and no descriptors', async (t) => {
  t.timeout(300_000)
  const end = await child('pools.mjs', { flags: ['--expose-gc'], args: [String(REPEATS)], deadline: 280_000 })
  endedWell(t, end)
  type What = 'alive' | 'heap' | 'rss' | 'threads' | 'descriptors'
  const { alive, heap, rss, threads, descriptors } = JSON.parse(end.stdout) as Record<What, number>
  t.true(alive <= 2, `${alive} pools are still there`)
  // Of three times as many pools as before: a worker that stayed would be 5 MB or more, the memory of a slot 1.2 MB, a job's tables some 40 KB.
  t.true(heap < 4 * MB, `the heap has grown by ${heap} bytes`)
  t.true(rss < REPEATS * 60 * 0.4 * MB, `the process has grown by ${rss} bytes`)
  t.true(threads <= 0, `${threads} threads more than before`)
  t.true(descriptors <= 0, `${descriptors} descriptors more than before`)
})

test('three thousand at once cost nothing until they are used, and those that are have the threads of one process between them', async (t) => {
  const pools = Array.from({ length: 3000 }, (_, i) => createPool({ workers: 1, name: `pool ${i}` }))
  const used = pools.filter((_, i) => i % 200 === 0)
  const results = await Promise.all(used.map((pool, i) => pool.run((x: number) => x * 2, [i])))
  t.deepEqual(
    results,
    used.map((_, i) => i * 2),
  )
  t.true(pools.every((pool) => used.includes(pool) || pool.stats().workers.started === 0))
  await Promise.all(pools.map((pool) => pool.close()))
  assertIdle()
  await t.throwsAsync(
    used[0]!.run(() => 1),
    { code: 'ERR_CLOSED' },
  )
  await using next = createPool({ workers: 1 })
  t.is(await next.run(() => 'still fine'), 'still fine')
})
