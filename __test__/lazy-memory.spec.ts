// Memory stays flat however many items pass.

import test from 'ava'

import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

type Memory = { rss: number; heap: number }

for (const lane of ['caller', 'workers']) {
  test(`half a million records, ${lane}`, async (t) => {
    const end = await child('lazy-memory.mjs', { args: ['500000', lane], deadline: 50_000 })
    endedWell(t, end)
    const { done, early, late } = JSON.parse(end.stdout) as { done: number; early: Memory; late: Memory }
    t.is(done, 500_000)
    // A reference kept for each item would be 4 MB at the least, a dictionary for each claim more.
    t.true(late.heap - early.heap < 3, `the heap grew from ${early.heap} to ${late.heap} MB`)
    t.true(late.rss - early.rss < 100, `the process grew from ${early.rss} to ${late.rss} MB`)
  })
}
