// Errors come back as themselves, also those with cycles, getters that throw, and properties that cannot cross.
import test from 'ava'
import { registerError, run } from 'everycore'
import { hazards } from './support/hazards.ts'
import { fails, survive } from './support/scene.ts'

const caught = async (name: keyof typeof hazards): Promise<Record<string, unknown>> => {
  return (run(hazards[name] as never, ['fault'] as never) as Promise<never>).catch((error: unknown) => error as never)
}

class TaxError extends RangeError {}
registerError(TaxError)

test('own class, code, properties and causes', async (t) => {
  const error = await caught('throwsOwnClass')
  t.true((error as unknown) instanceof TaxError)
  t.like(error, { name: 'TaxError', message: 'own', code: 'E_TAX', rate: 7 })
  const inner = error['cause'] as Error
  t.true(inner instanceof TypeError)
  t.is(inner.cause, 'innermost')
  t.regex(String(error['stack']), /hazards\.mjs[\s\S]*fault-error\.spec/)
})

test('AggregateError', async (t) => {
  const error = (await caught('throwsAggregate')) as unknown as AggregateError
  t.true(error instanceof AggregateError)
  t.like(error.errors[0], { name: 'RangeError', message: 'one' })
  t.is(error.errors[1], 'two')
  t.is(((error.errors[2] as AggregateError).errors[0] as Error).message, 'three')
})

test('DOMException', async (t) => {
  const error = await caught('throwsDom')
  t.true((error as unknown) instanceof DOMException)
  t.like(error, { name: 'DataError', message: 'dom' })
})

test('a cycle', async (t) => {
  const error = await caught('throwsCycle')
  t.true((error as unknown) instanceof RangeError)
  t.is(error['message'], 'cycle')
})

for (const hazard of [
  'throwsOwnClass',
  'throwsAggregate',
  'throwsDom',
  'throwsCycle',
  'throwsGetters',
  'throwsProxy',
  'throwsRevoked',
  'throwsUncloneable',
]) {
  test(`${hazard} fails its item only`, async (t) => {
    for (const outcome of await survive(t, hazard)) t.is(outcome.status, 'rejected')
  })
}

test('what cannot cross stays behind, the rest arrives', (t) => {
  return fails(t, 'throwsUncloneable', { class: 'RangeError', code: 'E_KEPT', message: 'holds a function' })
})
