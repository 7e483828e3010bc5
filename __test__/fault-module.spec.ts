// A module that cannot be loaded fails each call that needs it, with the reason; the worker goes on, and so does the next call.
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { createPool, LoadError, workerModule } from 'everycore'
import type { Pool } from 'everycore'

interface Loads {
  same<T>(item: T): T
}
const at = (file: string) => workerModule<Loads>(new URL(`./fixtures/faults/${file}`, import.meta.url))
const good = at('loads.mjs')

async function goesOn(pool: Pool): Promise<number[]> {
  const next = [await pool.run(good.same as never, [1] as never), await pool.run(good.same as never, [2] as never)]
  await pool.close()
  return next as number[]
}

for (const [file, message] of [
  ['not-there.mjs', /not-there\.mjs/],
  ['syntax-error.mjs', /SyntaxError|[Uu]nexpected/],
  ['loads.mjs?throws', /RangeError: at import/],
  ['loads.mjs?never', /loads\.mjs\?never can never finish/],
] as const) {
  test(file, async (t) => {
    const pool = createPool({ workers: 1 })
    const bystander = pool.parMap([1, 2, 3], good.same as never)
    const outcomes = await pool.parMap([1, 2, 3], at(file).same as never, { onError: 'return' })
    for (const error of outcomes as unknown[]) {
      t.true(error instanceof LoadError)
      t.regex((error as Error).message, message)
    }
    await t.throwsAsync(pool.run(at(file).same as never, [1] as never), { code: 'ERR_LOAD', message })
    t.deepEqual(await bystander, [1, 2, 3] as never)
    t.deepEqual(await goesOn(pool), [1, 2])
  })
}

test('a missing export, with what there is', async (t) => {
  const pool = createPool({ workers: 1 })
  const { absent } = workerModule<{ absent(): void }>(new URL('./fixtures/faults/loads.mjs', import.meta.url))
  await t.throwsAsync(pool.run(absent as never), {
    code: 'ERR_LOAD',
    message: /"absent"; it exports later, nested, same/,
  })
  t.deepEqual(await goesOn(pool), [1, 2])
})

test('a slow top-level await is waited for', async (t) => {
  const pool = createPool({ workers: 1 })
  t.deepEqual(await pool.parMap([1, 2], at('loads.mjs?slow').same as never), [1, 2] as never)
  t.deepEqual(await goesOn(pool), [1, 2])
})

test('a module that failed once works in another worker', async (t) => {
  const mark = join(mkdtempSync(join(tmpdir(), 'everycore-')), 'mark')
  const { same } = at(`loads.mjs?once=${encodeURIComponent(mark)}`)
  const pool = createPool({ workers: 1, recycleAfter: { jobs: 1 } })
  await t.throwsAsync(pool.run(same as never, [1] as never), { code: 'ERR_LOAD', message: /the first time/ })
  t.is(await pool.run(same as never, [1] as never), 1 as never)
  t.deepEqual(await goesOn(pool), [1, 2])
})
