// Consumers that leave after k, sources that throw at k, in a process of its own: nothing is lost, left open, or said on stderr.
import test from 'ava'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

test('lazy maps left in every way', async (t) => {
  const end = await child('lazy-leaves.mjs')
  endedWell(t, end)
  const { wrong, next, opened, closed, ended } = JSON.parse(end.stdout) as Record<
    'wrong' | 'opened' | 'closed' | 'ended',
    number
  > & { next: unknown }
  t.is(wrong, 0)
  t.deepEqual(next, ['next', ['and next']])
  t.is(opened, 40 * 4 * 3 + 1)
  t.is(closed + ended, opened)
  t.true(ended >= 160, 'sources that threw have ended by themselves')
})

test('an endless map, open when the process wants to leave', async (t) => {
  endedWell(t, await child('lazy-idle.mjs'))
})
