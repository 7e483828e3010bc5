// Errors that escape from a task: they fail its item while it runs; afterwards its result stands, and the process is warned.
import test from 'ava'
import { fails, survive } from './support/scene.ts'

for (const hazard of ['uncaughtWhilePending', 'uncaughtFromTick']) {
  test(hazard, (t) => fails(t, hazard, { class: 'RangeError', message: 'uncaught' }))
}

test('a floating rejection while the task runs', (t) =>
  fails(t, 'floatingRejection', { class: 'RangeError', message: 'floating' }))

for (const [hazard, stderr] of [
  [
    'floatingThenReturns',
    /^\(node:\d+\) \[EVERYCORE_STRAY\] EverycoreWarning: .*left a rejected promise behind: RangeError: floating/,
  ],
  [
    'uncaughtAfterReturn',
    /^\(node:\d+\) \[EVERYCORE_STRAY\] EverycoreWarning: .*threw an error after it had returned; its worker is replaced: RangeError: late/,
  ],
] as const) {
  test(`${hazard}: the result stands`, async (t) => {
    for (const outcome of await survive(t, hazard, { stderr }))
      t.deepEqual(outcome, { status: 'fulfilled', value: 'returned' })
  })
}
