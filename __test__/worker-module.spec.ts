// A module's functions run in workers, each worker importing the module once, whatever kind of module it is and wherever it lies.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { threadId } from 'node:worker_threads'
import test from 'ava'

import { createPool, parMap, run, workerModule, type WorkerFunction } from 'everycore'

import { resultOf } from './fixtures/process.ts'
import { makeRoom } from './fixtures/shared.ts'

const fixture = (name: string): URL => new URL(`./fixtures/${name}`, import.meta.url)

interface Work {
  loaded(): { loadedAt: string; thread: number }
  loadedToo(): { loadedAt: string; thread: number }
  count(): number
  double(x: number): number
  named(path: string): string
  where(): { thread: number; main: boolean }
  later(x: number): Promise<number>
  withContext(x: number): { x: number; name: string; attempt: number; worker: number; same: boolean }
  item(x: string, index: number): string
  fail(what: string): never
  toString(): string
  constructor(): string
  number(): never
  missing(): never
  default(x: string): string
}

await makeRoom()

const work = workerModule<Work>(fixture('work.mjs'))

test('calling a function runs it in a worker, with the imports of its module', async (t) => {
  t.is(await work.double(21), 42)
  t.is(await work.named('/a/b.txt'), 'b.txt')
  t.is(await work.later(3), 3)
  const { thread, main } = await work.where()
  t.false(main)
  t.not(thread, threadId)
})

test('a call is a job', async (t) => {
  const job = work.double(1)
  t.is(job.lane, 'workers')
  t.is(job.name, 'double')
  t.truthy(job.id)
  t.is(await job, 2)
  t.is(job.state, 'done')
  t.deepEqual(await work.fail('no').settled(), { status: 'rejected', reason: new RangeError('no') })
})

test('a function of a module is accepted by every verb', async (t) => {
  t.is(await run(work.double, [4]), 8)
  t.deepEqual(await parMap([1, 2, 3], work.double), [2, 4, 6])
  t.deepEqual(await parMap(['a', 'b'], work.item), ['a@0/1', 'b@1/1'])
  t.like(await run(work.withContext as never, [1], { name: 'mine' }), { x: 1, name: 'mine', attempt: 1, same: true })
})

test('a worker imports the module once, for two functions of it too', async (t) => {
  const pool = createPool({ workers: 1 })
  const first = await pool.run(work.loaded, [])
  const second = await pool.run(work.loadedToo, [])
  const [third] = await pool.parMap([0], work.loaded as never)
  t.deepEqual(first, second)
  t.deepEqual(third, first)
  const counts = [
    await pool.run(work.count, []),
    await pool.run(work.count, []),
    ...(await pool.parMap([0, 0], work.count as never)),
  ]
  t.deepEqual(counts, [1, 2, 3, 4])
  await pool.close()
})

test('each worker has its own copy of the module', async (t) => {
  const pool = createPool({ workers: 2 })
  // Both hold an item until the other has one too, so both workers are in it.
  const met = new Int32Array(new SharedArrayBuffer(4))
  const threads = await pool.parMap(
    [0, 1],
    (_x, _i, { use }) => {
      Atomics.add(use.met, 0, 1)
      Atomics.notify(use.met, 0)
      while (Atomics.load(use.met, 0) < 2) Atomics.wait(use.met, 0, 1)
      return import(use.url).then((module) => module.loaded())
    },
    { use: { met, url: fixture('work.mjs').href }, chunk: 1 },
  )
  t.is(new Set(threads.map((one) => one.loadedAt)).size, 2)
  await pool.close()
})

test('the default export, and names that every object has', async (t) => {
  t.is(await work.default('x'), 'default x')
  t.is(await work.toString(), 'own toString')
  t.is(await (work.constructor as unknown as () => Promise<string>)(), 'own constructor')
})

test('an error of the function comes back as itself', async (t) => {
  const error = await t.throwsAsync(work.fail('too far') as Promise<never>, {
    instanceOf: RangeError,
    message: 'too far',
  })
  t.regex(error.stack ?? '', /work\.mjs/)
  t.regex(error.stack ?? '', /worker-module\.spec/)
})

test('CommonJS: names found by analysis and names made at run time', async (t) => {
  const common = workerModule<Record<string, (x?: number) => unknown>>(fixture('work.cjs'))
  t.is(await common['double']!(4), 8)
  t.is(await common['triple']!(4), 12)
  t.is(await common['quadruple']!(4), 16)
  t.is(await common['isWorker']!(), true)
  t.not(await common['thread']!(), threadId)
})

test('CommonJS: a module that is a function, and a compiled one', async (t) => {
  const whole = workerModule<Record<string, (x: number) => unknown>>(fixture('function.cjs'))
  t.is(await whole['default']!(1), 'whole 1')
  t.is(await whole['part']!(1), 'part 1')
  const transpiled = workerModule<Record<string, (x: number) => unknown>>(fixture('transpiled.cjs'))
  t.is(await transpiled['named']!(1), 'named 1')
  t.is(await transpiled['default']!(1), 'default 1')
})

test("TypeScript, through this process's own loader", async (t) => {
  const typed = workerModule<typeof import('./fixtures/work-typed.ts')>(fixture('work-typed.ts'))
  t.is(await typed.norm({ x: 3, y: 4 }), 5)
  t.is(await typed.axis('Y'), 1)
})

// The rest of these in processes without the loader of these tests, which takes `#` for the beginning of a fragment.
test('module paths with spaces, #, %, ? and unicode', async (t) => {
  const root = mkdtempSync(join(tmpdir(), 'everycore '))
  t.teardown(() => rmSync(root, { recursive: true }))
  const paths: string[] = []
  for (const part of [
    'a space',
    'hash#tag',
    '100%',
    '%20',
    'what?',
    'größe',
    '日本語',
    '🦀',
    "quo'te",
    'quo"te',
    'new\nline',
  ]) {
    mkdirSync(join(root, part))
    paths.push(join(root, part, `${part}.mjs`), join(root, part, `${part}.cjs`))
    writeFileSync(join(root, part, `${part}.mjs`), 'export const f = (x) => x + 1')
    writeFileSync(join(root, part, `${part}.cjs`), 'exports.f = (x) => x + 1')
  }
  const outcomes = await resultOf(`
    import { pathToFileURL } from 'node:url'
    import { workerModule } from 'everycore'
    const results = []
    for (const path of ${JSON.stringify(paths)}) {
      const url = pathToFileURL(path)
      for (const given of [path, url, url.href]) results.push(await workerModule(given).f(1).catch((error) => error.message))
    }
    console.log(JSON.stringify(results))`)
  t.deepEqual(
    outcomes,
    paths.flatMap(() => [2, 2, 2]),
  )
})

test('data: and node: URLs', async (t) => {
  const outcomes = await resultOf(`
    import { workerModule } from 'everycore'
    const data = await workerModule('data:text/javascript,export const f = x => x * 3').f(2)
    console.log(JSON.stringify([data, await workerModule('node:path').basename('/a/b')]))`)
  t.deepEqual(outcomes, [6, 'b'])
})

test('a module that does not parse', async (t) => {
  const error = await resultOf(`
    import { workerModule } from 'everycore'
    const { broken } = workerModule(new URL('syntax-error.mjs', 'file://' + process.cwd() + '/'))
    const error = await broken(1).catch((error) => error)
    console.log(JSON.stringify({ code: error.code, message: error.message, cause: error.cause.name, stack: error.stack + error.cause.stack }))`)
  t.like(error, { code: 'ERR_LOAD', cause: 'SyntaxError' })
  t.regex((error as Error).message, /^cannot load file:.*syntax-error\.mjs: SyntaxError: /)
})

test('a missing export says what there is', async (t) => {
  await t.throwsAsync(work.missing() as Promise<never>, {
    code: 'ERR_LOAD',
    message: /work\.mjs has no function called "missing"; it exports .*double/,
  })
  await t.throwsAsync(work.number() as Promise<never>, { code: 'ERR_LOAD', message: /has no function called "number"/ })
  t.is(await work.double(1), 2)
})

test('a module that is not there, or throws', async (t) => {
  const call = (name: string): Promise<unknown> => workerModule<{ f(): void }>(fixture(name)).f()
  const gone = await t.throwsAsync(call('not-there.mjs'), {
    code: 'ERR_LOAD',
    message: /cannot load file:.*not-there\.mjs/,
  })
  t.is((gone.cause as NodeJS.ErrnoException).code, 'ERR_MODULE_NOT_FOUND')
  const thrown = await t.throwsAsync(call('throwing.mjs'), {
    code: 'ERR_LOAD',
    message: /throwing\.mjs: RangeError: this module cannot start/,
  })
  t.true(thrown.cause instanceof RangeError)
  t.is(await work.double(1), 2)
})

test('in a map every item fails with it, and the next map is unharmed', async (t) => {
  const { f } = workerModule<{ f(x: number): void }>(fixture('throwing.mjs'))
  const outcomes = await parMap([1, 2, 3], f).settled()
  t.true(outcomes.every((one) => one.status === 'rejected' && one.reason.code === 'ERR_LOAD'))
  t.deepEqual(await parMap([1, 2], work.double), [2, 4])
})

test('the proxy is no promise, no iterable, and prints', async (t) => {
  const proxy = work as unknown as Record<PropertyKey, unknown>
  t.is(proxy['then'], undefined)
  t.is(proxy[Symbol.iterator], undefined)
  t.is(proxy[Symbol.toPrimitive], undefined)
  t.is(await Promise.resolve(work), work)
  t.is(proxy['double'], proxy['double'])
  t.throws(() => (proxy['double'] = 1))
  t.is((proxy['double'] as WorkerFunction<never>).name, 'double')
})

test('what is no URL is refused where it is given', (t) => {
  for (const wrong of ['./work.mjs', 'work.mjs', '', 7, null, undefined, {}]) {
    t.throws(
      () => workerModule(wrong as never),
      { code: 'ERR_OPTION', message: /must be a URL such as new URL\('\.\/work\.js', import\.meta\.url\)/ },
      String(wrong),
    )
  }
  t.notThrows(() => workerModule(fileURLToPath(fixture('work.mjs'))))
})

test('on: caller imports it here', async (t) => {
  t.like(await run(work.where, [], { on: 'caller' }), { thread: threadId, main: true })
  await t.throwsAsync(run(work.missing as never, [], { on: 'caller' }), {
    code: 'ERR_LOAD',
    message: /has no function called "missing"/,
  })
})
