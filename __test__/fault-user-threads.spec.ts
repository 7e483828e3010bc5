// The library used only in threads of the user's: several at once, each with its own pools; and such a thread may end while they work.
import test from 'ava'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

const said = { doubled: [2, 4, 6], sum: 3, failed: 'thrown' }

for (const [kind, code] of [
  ['idle', 0],
  ['closed', 0],
  ['terminated', 1],
  ['exits', 4],
  ['throws', 1],
] as const) {
  for (const count of [1, 4]) {
    test(`${count} ${kind}`, async (t) => {
      const end = await child('thread.mjs', { args: [kind, String(count)] })
      endedWell(t, end)
      t.deepEqual(
        JSON.parse(end.stdout) as unknown,
        Array.from({ length: count }, () => ({ said, code })),
      )
    })
  }
}
