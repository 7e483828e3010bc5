// Hundreds of pools, opened, used and closed, leave no threads, no descriptors and no memory.
import test from 'ava'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

test('one after the other, and many at once', async (t) => {
  const end = await child('many-pools.mjs', { flags: ['--expose-gc'], deadline: 50_000 })
  endedWell(t, end)
  const { threads, descriptors, rss } = JSON.parse(end.stdout) as Record<
    'threads' | 'descriptors' | 'rss',
    [number, number]
  >
  for (const [what, [before, after]] of Object.entries({ threads, descriptors }))
    t.true(after <= before, `${what}: ${before}, then ${after}`)
  // Panels alone would be 1.2 MiB a pool. What threads of the system's allocator keep for themselves comes and goes.
  const [before, after] = rss
  t.true(after - before < 48, `MiB: ${before}, then ${after}`)
})
