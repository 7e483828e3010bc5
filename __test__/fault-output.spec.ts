// What tasks print is out before the process leaves by itself or a worker leaves its pool; and nothing that prints or waits keeps the process for ever.
import test from 'ava'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

const lines = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}\n`).join('')

for (const [way, expected] of [
  ['run', lines(1000)],
  ['once', lines(1)],
  ['long', `${'x'.repeat(1_000_000)}\n`],
  ['early', lines(1000) + lines(1)],
  ['fails', lines(1000)],
  ['recycled', lines(1000)],
  ['idle', lines(1000)],
  ['closed', lines(1000)],
  ['closed before exit', `${lines(1000)}closed\n`],
  ['stream', '1000\n'],
  ['nowhere', ''],
] as const) {
  test(way, async (t) => {
    // A chance matter: before, about every third process lost some.
    for (let round = 0; round < 4; round++) {
      const end = await child('prints.mjs', { args: [way] })
      endedWell(t, end)
      t.is(end.stdout.length, expected.length)
      t.is(end.stdout, expected)
    }
  })
}

test('by several workers', async (t) => {
  for (let round = 0; round < 4; round++) {
    const end = await child('prints.mjs', { args: ['map'] })
    endedWell(t, end)
    t.deepEqual(
      end.stdout.split('\n').toSorted(),
      (lines(500) + lines(500) + lines(500) + lines(500)).split('\n').toSorted(),
    )
  }
})

test('on standard error', async (t) => {
  for (let round = 0; round < 4; round++) {
    const end = await child('prints.mjs', { args: ['stderr'] })
    t.is(end.code, 0)
    t.is(end.stderr, lines(1000))
  }
})

for (const way of ['stalled', 'leaves a timer', 'leaves a loop']) {
  test(`the process leaves: ${way}`, async (t) => {
    const end = await child('prints.mjs', { args: [way] })
    endedWell(t, end)
    if (way !== 'stalled') t.regex(end.stdout, /^left\n/)
  })
}
