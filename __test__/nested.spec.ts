// Tasks that call the library: into their own pool, however deep, and with a single worker.

import test from 'ava'

import { createPool, TaskError, workerModule } from 'everycore'
import { makeRoom } from './fixtures/shared.ts'

// One after the other: each test has a pool of up to four workers, and each of these loads the library and a TypeScript loader.
await makeRoom()

interface Nested {
  chain(depth: number): Promise<number>
  chainWithOptions(depth: number): Promise<number>
  countdown(depth: number): Promise<number>
  tree(depth: number, width: number): Promise<number>
  fibonacci(n: number): Promise<number>
  many(count: number): Promise<number[]>
  plain(x: number): Promise<number>
  failing(depth: number): Promise<never>
  pools(): Promise<[string, number, string]>
  configures(): string
}
const nested = workerModule<Nested>(new URL('./fixtures/nested.mjs', import.meta.url))

for (const workers of [1, 2, 4]) {
  for (const depth of [1, 2, 3, 4, 5]) {
    test.serial(`${workers} workers, depth ${depth}`, async (t) => {
      await using pool = createPool({ workers })
      t.is(await pool.run(nested.chain, [depth]), depth)
      t.is(await pool.run(nested.chainWithOptions, [depth]), depth)
      t.is(await pool.run(nested.tree, [depth, 3]), 3 ** depth)
    })
  }

  test.serial(`${workers} workers: a function that calls itself twice`, async (t) => {
    await using pool = createPool({ workers })
    t.is(await pool.run(nested.fibonacci, [10]), 55)
  })

  test.serial(`${workers} workers: many at once`, async (t) => {
    await using pool = createPool({ workers })
    const expected = Array.from({ length: 100 }, (_, i) => i * 2)
    t.deepEqual(await pool.parMap([100, 100, 100, 100], nested.many), [expected, expected, expected, expected])
  })
}

for (const workers of [1, 2]) {
  for (const depth of [16, 100, 900]) {
    test.serial(`${workers} workers, depth ${depth}`, async (t) => {
      await using pool = createPool({ workers })
      t.is(await pool.run(nested.chain, [depth]), depth)
      t.is(await pool.run(nested.countdown, [depth]), depth)
      t.is(await pool.run(nested.chainWithOptions, [depth]), depth)
    })
  }

  test.serial(`${workers} workers: a call beyond the deepest is refused, and the pool goes on`, async (t) => {
    await using pool = createPool({ workers })
    t.is(await pool.run(nested.chain, [1000]), 1000)
    for (const chain of [nested.chain, nested.chainWithOptions]) {
      const error = await t.throwsAsync(pool.run(chain, [1001]), { instanceOf: TaskError, code: 'ERR_TASK' })
      t.regex(error.message, /^'chain(WithOptions)?' was refused: .* 1000 levels deep/)
    }
    t.is(await pool.run(nested.chain, [3]), 3)
  })

  test.serial(`${workers} workers: each call makes three, six levels down`, async (t) => {
    await using pool = createPool({ workers })
    for (let i = 0; i < 5; i++) t.is(await pool.run(nested.tree, [6, 3]), 3 ** 6)
  })
}

test.serial('a plain async function runs in the worker that calls it', async (t) => {
  await using pool = createPool({ workers: 1 })
  t.is(await pool.run(nested.plain, [4]), 5)
})

test.serial('errors come up through all levels as themselves', async (t) => {
  await using pool = createPool({ workers: 1 })
  await t.throwsAsync(pool.run(nested.failing, [4]), { instanceOf: RangeError, message: 'at the bottom' })
})

test.serial('in a worker the default pool is the one it belongs to', async (t) => {
  await using pool = createPool({ workers: 3, name: 'outer' })
  t.deepEqual(await pool.run(nested.pools), ['outer', 3, 'everycore:inner works'])
})

test.serial('configure in a worker is refused', async (t) => {
  await using pool = createPool({ workers: 1 })
  t.regex(await pool.run(nested.configures), /a worker shares the pool it belongs to/)
})
