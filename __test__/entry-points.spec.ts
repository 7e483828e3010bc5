// Everything that the addon exports, called with arguments of any sort in any order: an error at most, never a panic, a crash or a hang.
import test from 'ava'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

const calls = (seed: number) => child('entry-points.mjs', { args: [String(seed), '4000'], deadline: 50_000 })

test('calls of the same seed always, which reach every kind of object', async (t) => {
  const end = await calls(1)
  endedWell(t, end)
  const { given, thrown, kinds } = JSON.parse(end.stdout) as Record<'given' | 'thrown' | 'kinds', number>
  t.true(given > 500 && thrown > 500 && kinds > 6, end.stdout)
})

test('calls of a seed that never is the same', async (t) => {
  const seed = Math.floor(Math.random() * 2 ** 32)
  t.log(`seed ${seed}`)
  endedWell(t, await calls(seed))
})
