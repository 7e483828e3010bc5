// Everything that the addon exports, called with arguments of any sort in any order: an error at most, never a panic, a crash or a hang.
import test from 'ava'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

/** One that is always the same, and one that never is. */
for (const seed of [1, Math.floor(Math.random() * 2 ** 32)]) {
  test(`calls of seed ${seed}`, async (t) => {
    const end = await child('entry-points.mjs', { args: [String(seed), '4000'], deadline: 50_000 })
    endedWell(t, end)
    const { given, thrown, kinds } = JSON.parse(end.stdout) as Record<'given' | 'thrown' | 'kinds', number>
    t.true(given > 500 && thrown > 500 && kinds > 6, end.stdout)
  })
}
