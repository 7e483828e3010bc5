// A task throws: an Error at any depth of await, something that is no error, or from code that is only run by looking at its result.
import test from 'ava'
import { parMap, TaskError } from 'everycore'
import { hazards } from './support/hazards.ts'
import { fails, survive } from './support/scene.ts'

for (const hazard of ['throwsError', 'throwsDeep']) {
  test(`${hazard} fails its item with that error`, (t) => fails(t, hazard, { class: 'RangeError', message: 'thrown' }))
}

for (const hazard of ['throwsNull', 'rejectsUndefined']) {
  test(`${hazard} fails its item with a TaskError`, (t) => fails(t, hazard, { class: 'TaskError', code: 'ERR_TASK' }))
}

test('whatever is thrown is the cause of the TaskError', async (t) => {
  const thrown = [null, undefined, 0, '', 'text', false, 12n, { plain: 1 }, [1]]
  const outcomes = await parMap(thrown, hazards.throwsIt as never, { onError: 'return' })
  for (const [i, error] of outcomes.entries()) {
    t.true((error as unknown) instanceof TaskError)
    t.deepEqual((error as TaskError).cause, thrown[i])
  }
})

test('a function or symbol that is thrown is told in words', async (t) => {
  for (const item of ['function', 'symbol']) {
    const [error] = await parMap([item], hazards.throwsOdd as never, { onError: 'return' })
    t.true((error as unknown) instanceof TaskError)
    t.regex((error as TaskError).message, /odd/)
  }
})

test('a getter called then that throws', (t) =>
  fails(t, 'throwingThen', { class: 'RangeError', message: 'then getter' }))
test('a then that throws', (t) => fails(t, 'badThenable', { class: 'RangeError', message: 'then' }))

test('a thenable that settles twice settles once', async (t) => {
  for (const outcome of await survive(t, 'twiceThenable')) t.deepEqual(outcome, { status: 'fulfilled', value: 'once' })
})
