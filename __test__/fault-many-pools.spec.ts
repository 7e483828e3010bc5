// Row 33: thousands of pools. They cost nothing until they are used, and those that are used share the process's threads.

import test from 'ava'

import { createPool } from 'everycore'
import { assertIdle } from 'everycore/testing'

test('three thousand pools, some of them at work at the same time', async (t) => {
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
