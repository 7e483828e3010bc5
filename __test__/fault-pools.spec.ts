// Many pools, opened and closed, one after the other and at once: none is kept, the process does not grow with their number, and it leaves by itself.
import test from 'ava'
import { createPool } from 'everycore'
import { assertIdle } from 'everycore/testing'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

const MB = 2 ** 20
const ROUNDS = 60

test('pools that are closed leave no memory', async (t) => {
  t.timeout(300_000)
  const end = await child('pools.mjs', { args: [String(ROUNDS)], deadline: 280_000 })
  endedWell(t, end)
  const { heap, rss, alive } = JSON.parse(end.stdout) as Record<'heap' | 'rss' | 'alive', number>
  t.true(alive <= 2, `${alive} pools are still there`)
  // Of three times as many pools as before: a worker that stayed would be 5 MB or more, the memory of a slot 1.2 MB, a job's tables some 40 KB.
  t.true(heap < 4 * MB, `the heap has grown by ${heap} bytes`)
  t.true(rss < ROUNDS * 3 * 0.4 * MB, `the process has grown by ${rss} bytes`)
})

test('pools one after the other, and many at once, leave no threads and no descriptors', async (t) => {
  const end = await child('many-pools.mjs', { flags: ['--expose-gc'], deadline: 50_000 })
  endedWell(t, end)
  const { threads, descriptors } = JSON.parse(end.stdout) as Record<'threads' | 'descriptors', [number, number]>
  for (const [what, [before, after]] of Object.entries({ threads, descriptors }))
    t.true(after <= before, `${what}: ${before}, then ${after}`)
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
