// Processes of a cluster, and a forked child, each with a pool of its own: they work, and end when they are disconnected.
import test from 'ava'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

test('a cluster', async (t) => {
  const end = await child('cluster.mjs', { deadline: 50_000 })
  endedWell(t, end)
  t.deepEqual(JSON.parse(end.stdout), {
    results: [
      [2, 4, 6],
      [2, 4, 6],
    ],
    codes: [0, 0],
  })
})
