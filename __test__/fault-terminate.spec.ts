// A thread that uses the library ends when it is told to, at whatever point, also where its code and its tasks call again whatever becomes of their calls.
import test from 'ava'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

// Some of a hundred threads had gone on for ever: Node-API refuses every call in a thread that is being ended, and says nothing.
for (const [kind, threads] of [
  ['calls', 4],
  ['options', 4],
  ['maps', 4],
  ['nested calls', 12],
  ['nested maps', 12],
  ['mixed', 12],
] as const) {
  test.serial(kind, async (t) => {
    endedWell(t, await child('terminates.mjs', { args: [kind, String(threads)], deadline: 50_000 }))
  })
}

test.serial('where the addon answers nothing any more, code that goes on whatever happens does not', async (t) => {
  const end = await child('silent-addon.mjs')
  endedWell(t, end)
  t.deepEqual(JSON.parse(end.stdout), [1, 1, 1, 1])
})
