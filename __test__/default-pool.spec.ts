// The shared pool: configured before its first use, closed and made anew.

import test from 'ava'

import { resultOf, runProcess } from './fixtures/process.ts'

test('configure before the first use, not after it, and again after shutdown', async (t) => {
  const outcome = await resultOf(`
    import { configure, cpuCount, defaultPool, run, shutdown } from 'everycore'
    const said = []
    said.push(defaultPool.workers === cpuCount(), defaultPool.name)
    configure({ workers: 1, name: 'mine', env: { ROUND: '1' } })
    configure({ workers: 2, name: 'mine', env: { ROUND: '2' } })
    said.push(defaultPool.workers, defaultPool.name, await run(() => process.env.ROUND))
    try { configure({ workers: 3 }) } catch (error) { said.push(error.code, error.message) }
    await shutdown()
    said.push(await run(() => process.env.ROUND))
    await shutdown()
    configure({ env: { ROUND: '3' } })
    said.push(await run(() => process.env.ROUND))
    console.log(JSON.stringify(said))`)
  t.deepEqual(outcome, [
    true,
    'everycore',
    2,
    'mine',
    '2',
    'ERR_OPTION',
    'configure: the shared pool is in use already; call configure before the first call, or after shutdown()',
    '2',
    '3',
  ])
})

test('shutdown lets work finish, and the next call starts a new pool meanwhile', async (t) => {
  const outcome = await resultOf(`
    import { run, shutdown, warmup } from 'everycore'
    await shutdown()
    await warmup()
    const before = run(() => 'before')
    const over = shutdown()
    const after = run(() => 'after')
    console.log(JSON.stringify([await before, await after, (await over) ?? 'over']))`)
  t.deepEqual(outcome, ['before', 'after', 'over'])
})

test('wrong options leave things as they were', async (t) => {
  const outcome = await resultOf(`
    import { configure, defaultPool, run } from 'everycore'
    const said = []
    for (const wrong of [{ workers: -1 }, { wokers: 2 }, null, 7, { setup: './x.js' }]) {
      try { configure(wrong) } catch (error) { said.push(error.message) }
    }
    console.log(JSON.stringify([...said, await run(() => 1)]))`)
  t.deepEqual(outcome, [
    "configure: option 'workers' must be an integer from 1 to 1,024, got -1",
    "configure has no option 'wokers' (did you mean 'workers'?)",
    'configure: options must be an object, got null',
    'configure: options must be an object, got 7',
    "option 'setup' must be a URL such as new URL('./work.js', import.meta.url), or an absolute path; got ./x.js",
    1,
  ])
})

test('a process that only imports the package starts no thread and ends', async (t) => {
  const { code, err } = await runProcess(`import 'everycore'`, { env: { NODE_DEBUG: 'everycore' } })
  t.is(code, 0)
  t.is(err, '')
})
