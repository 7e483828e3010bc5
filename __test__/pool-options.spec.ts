// What a pool gives its workers: set-up, limits, environment, flags, output and names.

import { PassThrough } from 'node:stream'
import test from 'ava'

import { createPool } from 'everycore'
import { resultOf, runProcess } from './fixtures/process.ts'

declare global {
  var setUp: string[] | undefined
}

test('setup as a module, as the href of one, and as a function', async (t) => {
  const url = new URL('./fixtures/set-up.mjs', import.meta.url)
  for (const setup of [url, url.href]) {
    await using pool = createPool({ workers: 1, setup })
    t.deepEqual(await pool.run(() => globalThis.setUp), ['evaluated', 'called'])
    t.deepEqual(await pool.run(() => globalThis.setUp), ['evaluated', 'called'])
  }
  await using pool = createPool({
    workers: 1,
    setup: async () => {
      await new Promise((resolve) => setImmediate(resolve))
      globalThis.setUp = ['function']
    },
  })
  t.deepEqual(await pool.run(() => globalThis.setUp), ['function'])
})

test('a setup that captures is refused at once', (t) => {
  const outside = 1
  t.throws(() => createPool({ setup: () => outside }), { code: 'ERR_CAPTURE' })
})

test('a setup that fails: work is refused with its error, after some tries', async (t) => {
  await using pool = createPool({
    workers: 1,
    name: 'broken',
    setup: () => {
      throw new RangeError('no licence')
    },
  })
  const error = await t.throwsAsync(
    pool.run(() => 1),
    { code: 'ERR_LOAD', message: /workers of pool 'broken' cannot start: .*no licence/ },
  )
  t.regex(String((error.cause as Error).message), /no licence/)
  await t.throwsAsync(
    pool.parMap([1], (x) => x),
    { code: 'ERR_LOAD' },
  )
  await t.throwsAsync(pool.warmup(), { code: 'ERR_LOAD' })
})

test('a setup that recovers: the work runs', async (t) => {
  const { mkdtempSync, rmSync } = await import('node:fs')
  const { tmpdir } = await import('node:os')
  const { join } = await import('node:path')
  const folder = mkdtempSync(join(tmpdir(), 'everycore-'))
  t.teardown(() => rmSync(folder, { recursive: true }))
  await using pool = createPool({
    workers: 1,
    env: { FOLDER: folder },
    setup: () => {
      const fs = require('node:fs') as typeof import('node:fs')
      const tries = fs.readdirSync(process.env['FOLDER']!).length
      fs.writeFileSync(`${process.env['FOLDER']}/${tries}`, '')
      if (tries < 2) throw new Error('not yet')
    },
  })
  t.is(await pool.run(() => 'runs'), 'runs')
})

test("env: the caller's own by default, only what is given otherwise", async (t) => {
  process.env['EVERYCORE_TEST'] = 'inherited'
  await using own = createPool({ workers: 1 })
  t.is(await own.run(() => process.env['EVERYCORE_TEST']), 'inherited')
  await using given = createPool({ workers: 1, env: { ONLY: 'this', NOT: undefined } })
  t.deepEqual(
    await given.run(() => ({
      only: process.env['ONLY'],
      not: 'NOT' in process.env,
      other: process.env['EVERYCORE_TEST'],
    })),
    {
      only: 'this',
      not: false,
      other: undefined,
    },
  )
})

test('resourceLimits reach the worker', async (t) => {
  await using pool = createPool({ workers: 1, resourceLimits: { maxOldGenerationSizeMb: 64, stackSizeMb: 2 } })
  const limits = await pool.run(
    () => (require('node:worker_threads') as typeof import('node:worker_threads')).resourceLimits,
  )
  t.like(limits, { maxOldGenerationSizeMb: 64, stackSizeMb: 2 })
})

test('execArgv: given flags, and flags of the main thread that a worker refuses', async (t) => {
  const flags = await resultOf('', {
    args: [
      '--title=mine',
      '--expose-gc',
      '--max-old-space-size=300',
      '--no-warnings',
      '--input-type=module',
      '-e',
      `
      import { createPool, run } from 'everycore'
      const inherited = await run(() => [typeof gc, process.execArgv])
      const pool = createPool({ execArgv: ['--no-deprecation', '--title=worker', '--max-old-space-size=100'] })
      const given = await pool.run(() => process.execArgv)
      await pool.close()
      console.log(JSON.stringify({ inherited, given }))`,
    ],
  })
  t.deepEqual((flags as { given: string[] }).given, ['--no-deprecation'])
  t.false((flags as { inherited: [string, string[]] }).inherited[1].some((flag) => /^-e|input-type/.test(flag)))
})

test('execArgv: a given flag that no worker can take is named in a warning, once; those of the process are not', async (t) => {
  const { code, out, err } = await runProcess('', {
    args: [
      '--title=mine',
      '--input-type=module',
      '-e',
      `
      import { createPool, run } from 'everycore'
      await run(() => 1)
      for (const workers of [1, 2]) {
        const execArgv = ['--no-deprecation', '--bogus', '--title=worker', '--test']
        const pool = createPool({ workers, execArgv })
        await pool.warmup()
        console.log(...(await pool.run(() => process.execArgv)))
        await pool.close()
      }
      const pool = createPool({ execArgv: ['--bogus', '--other-bogus'] })
      await pool.run(() => 1)
      await pool.close()`,
    ],
  })
  t.is(code, 0)
  t.is(out, '--no-deprecation\n--no-deprecation')
  t.deepEqual(
    err.match(/EVERYCORE_FLAG.*/g),
    ['--bogus --title=worker --test', '--other-bogus'].map(
      (flags) =>
        `EVERYCORE_FLAG] EverycoreWarning: option 'execArgv': no worker can take ${flags}, so they start without`,
    ),
    err,
  )
})

test('processes without a file of their own', async (t) => {
  const common = `const { run } = require('everycore'); run((x) => x * 2, [21]).then(console.log)`
  const module = `import { run } from 'everycore'; console.log(await run((x) => x * 2, [21]))`
  for (const args of [
    ['-e', common],
    ['--eval', common],
    ['--input-type=commonjs', '-e', common],
    ['--input-type=module', '--eval', module],
    ['--input-type', 'module', '-e', module],
    ['-p', `require('everycore').run((x) => x * 2, [21]).then(console.log), ''`],
    [`--import=data:text/javascript,globalThis.preloaded=1`, '--input-type=module', '-e', module],
  ]) {
    const { out, err, code } = await runProcess('', { args })
    t.is(out, '42', `${args.join(' ')}: ${err}`)
    t.is(code, 0)
  }
})

test('NODE_OPTIONS of the process', async (t) => {
  const { out, err } = await runProcess(`import { run } from 'everycore'; console.log(await run(() => 42))`, {
    env: { NODE_OPTIONS: '--max-old-space-size=300 --enable-source-maps --title=mine' },
  })
  t.is(out, '42', err)
})

test("a task's output reaches the caller's, in order and whole, once the pool is closed", async (t) => {
  const { out, err, code } = await runProcess(`
    import { run, shutdown } from 'everycore'
    await run(() => { for (let i = 0; i < 1000; i++) console.log('line', i); console.error('an error') })
    await shutdown()`)
  t.is(code, 0)
  t.is(out, Array.from({ length: 1000 }, (_, i) => `line ${i}`).join('\n'))
  t.is(err, 'an error')
})

test('stdout: false drops it', async (t) => {
  const { out, err } = await runProcess(`
    import { createPool } from 'everycore'
    const pool = createPool({ stdout: false, stderr: false })
    await pool.run(() => { console.log('unwanted'); console.error('unwanted') })
    await pool.close()
    console.log('wanted')`)
  t.is(out, 'wanted')
  t.is(err, '')
})

test('stdout: a stream', async (t) => {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()]
  const pool = createPool({ workers: 1, stdout, stderr })
  await pool.run(() => {
    console.log('out')
    console.error('err')
  })
  await pool.close()
  t.is(String(stdout.read()), 'out\n')
  t.is(String(stderr.read()), 'err\n')
  t.false(stdout.writableEnded)
})

test('debuggers and tasks see the name of the worker', async (t) => {
  await using pool = createPool({ workers: 1, name: 'images' })
  t.is(pool.name, 'images')
  const name = await pool.run(() => {
    const { threadName } = require('node:worker_threads') as { threadName?: string }
    return threadName ?? process.title
  })
  t.true(name === 'images:0' || !('threadName' in (await import('node:worker_threads'))), name)
})

test('wrong options are refused at once, with the option, the value and what is allowed', (t) => {
  for (const [options, message] of [
    [{ workers: 0 }, "createPool: option 'workers' must be an integer from 1 to 1,024, got 0"],
    [{ workers: 1e9 }, "createPool: option 'workers' must be an integer from 1 to 1,024, got 1000000000"],
    [{ workers: NaN }, "createPool: option 'workers' must be an integer from 1 to 1,024, got NaN"],
    [{ workers: '2' }, "createPool: option 'workers' must be an integer from 1 to 1,024, got '2'"],
    [{ maxThreads: 2 }, "createPool has no option 'maxThreads' (did you mean 'workers'?)"],
    [{ workers: 1, minWorkers: 2 }, "createPool: option 'minWorkers' must be an integer from 0 to workers (1), got 2"],
    [{ minWorkers: -1 }, "createPool: option 'minWorkers' must be an integer from 0 to 1,024, got -1"],
    [
      { idleTimeout: -5 },
      "createPool: option 'idleTimeout' must be milliseconds from 0, at most 2,147,483,647, or Infinity, got -5",
    ],
    [
      { resourceLimits: { maxOldGenerationSizeMb: 2 } },
      "createPool: option 'resourceLimits.maxOldGenerationSizeMb' must be an integer from 16 to 1,048,576, got 2",
    ],
    [{ name: '' }, "createPool: option 'name' must be a string that is not empty, got ''"],
    [{ env: { A: 1 } }, "createPool: option 'env.A' must be a string, got 1"],
    [{ execArgv: '--x' }, "createPool: option 'execArgv' must be an array of strings, got '--x'"],
    [{ stdout: 'inherit' }, "createPool: option 'stdout' must be true, false or a writable stream, got 'inherit'"],
    [7, 'createPool: options must be an object, got 7'],
    [null, 'createPool: options must be an object, got null'],
  ] as const) {
    t.throws(() => createPool(options as never), { code: 'ERR_OPTION', message })
  }
  t.throws(() => createPool({ setup: './relative.js' }), {
    code: 'ERR_OPTION',
    message: /option 'setup' must be a URL such as/,
  })
})
