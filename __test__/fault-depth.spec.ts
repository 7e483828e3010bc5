// Too deep: a stack overflow in a task, and values a million levels deep as argument, result and property of an error.
import test from 'ava'
import { createPool } from 'everycore'
import { hazards } from './support/hazards.ts'
import { fails } from './support/scene.ts'

for (const hazard of ['overflows', 'overflowsLater']) {
  test(hazard, (t) => fails(t, hazard, { class: 'RangeError', message: 'Maximum call stack size exceeded' }))
}

for (const hazard of ['deepObject', 'deepArray']) {
  test(`${hazard} as a result`, (t) => fails(t, hazard, { class: 'NotCloneableError', code: 'ERR_NOT_CLONEABLE' }))
}

test('an error with a deep property', (t) => fails(t, 'deepThrown', { class: 'RangeError', message: 'deep' }))
test('an error with a long chain of causes', (t) => fails(t, 'deepCause', { class: 'Error', message: 'link' }))

test('as an argument', async (t) => {
  const pool = createPool({ workers: 1 })
  let deep: unknown = null
  for (let i = 0; i < 1_000_000; i++) deep = { deep }
  await t.throwsAsync(pool.run(hazards.same as never, [deep] as never), { code: 'ERR_NOT_CLONEABLE' })
  const outcomes = await pool.parMap([1, deep, 3], hazards.same as never).settled()
  t.deepEqual(
    outcomes.map((one) => one.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  t.is(await pool.run(hazards.same as never, [4] as never), 4 as never)
  await pool.close()
})
