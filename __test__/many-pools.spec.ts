// Hundreds of pools, opened and closed: none is kept, the process does not grow with their number, and it leaves by itself.
import test from 'ava'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

const MB = 2 ** 20
const ROUNDS = 60

test('pools that are closed leave no memory', async (t) => {
  t.timeout(300_000)
  const end = await child('many-pools.mjs', { args: [String(ROUNDS)], deadline: 280_000 })
  endedWell(t, end)
  const { heap, rss, alive } = JSON.parse(end.stdout) as Record<'heap' | 'rss' | 'alive', number>
  t.true(alive <= 2, `${alive} pools are still there`)
  // Of three times as many pools as before: a worker that stayed would be 5 MB or more, the memory of a slot 1.2 MB, a job's tables some 40 KB.
  t.true(heap < 4 * MB, `the heap has grown by ${heap} bytes`)
  t.true(rss < ROUNDS * 3 * 0.4 * MB, `the process has grown by ${rss} bytes`)
})
