// A module that ends the worker that loads it: its calls wait while it is tried again, and are refused with the reason when that does not help;
// calls of other functions go on meanwhile, and so do items that await in the same worker.
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { createPool, LoadError, WorkerExitError, workerModule } from 'everycore'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

interface Loads {
  same<T>(item: T): T
  later(ms: number): Promise<number>
  nested(url: string): Promise<unknown>
}
const urlOf = (query: string): URL => new URL(`./fixtures/faults/loads.mjs${query}`, import.meta.url)
const at = (query: string) => workerModule<Loads>(urlOf(query))
const good = at('')

/** A module that ends so many workers. */
function mortal(times: number): { file: string; query: string } {
  const file = join(mkdtempSync(join(tmpdir(), 'everycore-')), 'lives')
  writeFileSync(file, String(times))
  return { file, query: `?exits=${encodeURIComponent(file)}` }
}

for (const [what, url, exitCode, workers] of [
  ['exits', urlOf('?exits'), 6, 1],
  ['exits cleanly', urlOf('?exitsCleanly'), 0, 2],
] as const) {
  test.serial(`${what}, ${workers} workers`, async (t) => {
    const pool = createPool({ workers })
    const { same } = workerModule<Loads>(url)
    const check = (error: unknown): void => {
      t.true(error instanceof LoadError)
      t.true((error as Error).message.startsWith(`cannot load ${url.href}: worker `), (error as Error).message)
      t.regex((error as Error).message, new RegExp(`exited with code ${exitCode} while it loaded this module`))
      t.true((error as Error).cause instanceof WorkerExitError)
      t.is(((error as Error).cause as WorkerExitError).exitCode, exitCode)
    }
    const call = pool.run(same as never, [1] as never).then(() => t.fail(), check)
    const map = pool.parMap([1, 2, 3], same as never, { onError: 'return' })
    let bystanders = 0
    while (map.state !== 'done') {
      t.deepEqual(await Promise.all([pool.run((x: number) => x + 1, [1]), pool.run(good.later, [20])]), [2, 20])
      bystanders++
    }
    await call
    for (const error of await map) check(error)
    t.true(bystanders > 10, `${bystanders}`)
    await pool.run(same as never, [1] as never).then(() => t.fail(), check)
    t.deepEqual(await pool.parMap([1, 2], good.same as never), [1, 2] as never)
    await pool.close()
  })
}

test.serial('a few times only: the calls wait, and run', async (t) => {
  const pool = createPool({ workers: 2 })
  const { query } = mortal(3)
  const { same } = at(query)
  t.deepEqual(await Promise.all([pool.run(same, [1]), pool.parMap([2, 3, 4], same as never), pool.run(same, [5])]), [
    1,
    [2, 3, 4],
    5,
  ] as never)
  await pool.close()
})

test.serial('once it is refused, a probe finds that it is well again', async (t) => {
  const pool = createPool({ workers: 1 })
  const { file, query } = mortal(1000)
  const { same } = at(query)
  await t.throwsAsync(pool.run(same, [1]), { code: 'ERR_LOAD' })
  writeFileSync(file, '0')
  let result: unknown
  while (result === undefined) {
    result = await pool.run(same, [2]).catch((error: unknown) => t.true(error instanceof LoadError) && undefined)
  }
  t.is(result, 2)
  t.deepEqual(await pool.parMap([1, 2], same as never), [1, 2] as never)
  await pool.close()
})

// Without the loader of the tests, which knows no such modules.
test.serial('of a data URL', async (t) => {
  const end = await child('load-exit.mjs')
  endedWell(t, end)
  for (const [code, message, exitCode] of JSON.parse(end.stdout) as [string, string, number][]) {
    t.is(code, 'ERR_LOAD')
    t.regex(message, /^cannot load data:text\/javascript,process\.exit\(6\);.*: worker 0 exited with code 6 while/)
    t.is(exitCode, 6)
  }
})

test.serial('called by a task, which may be in the worker that it ends', async (t) => {
  const pool = createPool({ workers: 2 })
  const error = (await t.throwsAsync(pool.run(good.nested, [urlOf('?exits').href]))) as LoadError | WorkerExitError
  if (error instanceof LoadError) t.is((error.cause as WorkerExitError).exitCode, 6)
  else t.is(error.exitCode, 6)
  t.is(await pool.run(good.same, [1]), 1 as never)
  await pool.close()
})

// A new worker waits for the home's word on the module before it is up; it took that for something that never settles.
test.serial('needed by a sticky broadcast, a new worker may still load it', async (t) => {
  const pool = createPool({ workers: 1 })
  const { query } = mortal(1)
  await pool.warmup()
  await pool.broadcast(at(query).same, [1], { sticky: true })
  t.is(await pool.run(good.same, [1]), 1 as never)
  await pool.close()
})

test.serial('closing does not wait for it, nor for one that never ends loading', async (t) => {
  const { file, query } = mortal(1000)
  const mark = join(mkdtempSync(join(tmpdir(), 'everycore-')), 'mark')
  for (const [bad, hasBegun] of [
    [query, () => Number(readFileSync(file, 'utf8')) < 999],
    [`?loops=${encodeURIComponent(mark)}`, () => existsSync(mark)],
  ] as const) {
    const pool = createPool({ workers: 1 })
    const controller = new AbortController()
    const job = pool.run(at(bad).same, [1], { signal: controller.signal })
    while (!hasBegun()) await new Promise(setImmediate)
    controller.abort(new Error('enough'))
    await t.throwsAsync(job, { message: 'enough' })
    await pool.close()
  }
})
