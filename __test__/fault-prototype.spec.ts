// `__proto__` and `constructor.prototype` in data and options: own properties stay own, and no prototype changes.
import test from 'ava'
import { createPool } from 'everycore'
import { hazards } from './support/hazards.ts'

const text =
  '{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":2}},"plain":{"__proto__":{"polluted":3}}}'

test('there and back', async (t) => {
  const pool = createPool({ workers: 1 })
  const items = [JSON.parse(text), { deep: [JSON.parse(text)] }, new Map([['map', JSON.parse(text)]])] as unknown[]
  for (const [i, back] of (await pool.parMap(items, hazards.same as never)).entries()) {
    t.deepEqual(back, structuredClone(items[i]) as never)
    t.is(Object.getPrototypeOf(back), Object.getPrototypeOf(items[i]))
  }
  t.true(Object.hasOwn(await pool.run(hazards.same as never, [JSON.parse(text)] as never), '__proto__'))
  t.false('polluted' in {})
  t.false(await pool.run(() => 'polluted' in {}))
  await pool.close()
})

test('thrown', async (t) => {
  const pool = createPool({ workers: 1 })
  const error = await t.throwsAsync(pool.run(hazards.throwsIt as never, [JSON.parse(text)] as never), {
    code: 'ERR_TASK',
  })
  t.deepEqual((error as Error).cause, JSON.parse(text))
  t.false('polluted' in {})
  await pool.close()
})

test('in options', async (t) => {
  const pool = createPool({ workers: 1 })
  await t.throwsAsync(
    pool.run((n: number) => n, [1], JSON.parse('{"__proto__":{"timeout":1}}') as object),
    { code: 'ERR_OPTION' },
  )
  const use = JSON.parse(text) as { plain: object }
  t.true(
    (await pool.run(
      (context: { use: object }) => Object.hasOwn(context.use, '__proto__') && !('polluted' in context.use),
      [] as never,
      { use },
    )) as never,
  )
  t.false('polluted' in {})
  await pool.close()
})
