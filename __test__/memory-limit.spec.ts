// `memoryLimit`: while the process holds more, new work waits, workers are replaced, and the pool's health says so; and it goes on all the same.

import test from 'ava'

import { createPool } from 'everycore'
import { resultOf } from './fixtures/process.ts'

const HEAD = `
  import diagnostics from 'node:diagnostics_channel'
  import { setFlagsFromString } from 'node:v8'
  import { runInNewContext } from 'node:vm'
  import { createPool, workerModule } from 'everycore'

  const tasks = workerModule(new URL('file://' + process.cwd() + '/memory.mjs'))
  const told = []
  diagnostics.subscribe('everycore:pool:health', ({ pool, health }) => told.push(pool + ' ' + health))
  const MB = 2 ** 20
  const turn = () => new Promise((resolve) => setTimeout(resolve, 5))
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc')
`

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)

test('what workers have come to hold goes with them, and no item is lost', async (t) => {
  const { results, told } = (await resultOf(`${HEAD}
    const pool = createPool({ name: 'p', workers: 2, memoryLimit: process.memoryUsage.rss() + 120 * MB })
    const results = await pool.parMap(Array.from({ length: 80 }, (_, i) => i), tasks.keeps, { chunk: 1 })
    // The last to hold anything leave too, although there is nothing to do any more.
    while (pool.stats().health !== 'ok') await turn()
    console.log(JSON.stringify({ results, told }))
    await pool.close()`)) as { results: [number, number][]; told: string[] }
  t.deepEqual(
    results.map(([x]) => x),
    numbers(80),
  )
  t.true(new Set(results.map(([, thread]) => thread)).size > 2)
  t.deepEqual(told.slice(0, 2), ['p memory', 'p ok'])
  t.is(told.at(-1), 'p ok')
})

test('what the allocator keeps of freed memory is not held by anyone', async (t) => {
  const source = `${HEAD}
    const pool = createPool({ workers: 2, memoryLimit: process.memoryUsage.rss() + 120 * MB })
    const marks = await pool.parMap(Array(40).fill(0), tasks.marks, { chunk: 1 })
    while (pool.stats().health !== 'ok') await turn()
    console.log(JSON.stringify([marks.length, told.at(-1)]))
    await pool.close()`
  // For glibc: no memory of its own for what is large, which would go back by itself.
  t.deepEqual(await resultOf(source, { env: { MALLOC_MMAP_THRESHOLD_: String(2 ** 30) } }), [40, 'everycore ok'])
})

test('a limit that the process is over by itself slows a pool down, and does not stop it', async (t) => {
  const got = await resultOf(`${HEAD}
    const pool = createPool({ workers: 3, memoryLimit: MB, minWorkers: 2 })
    await pool.warmup()
    const { started } = pool.stats().workers
    const running = new Int32Array(new SharedArrayBuffer(4))
    const counts = await pool.parMap(Array(60).fill(0), tasks.together, { use: { running }, chunk: 1 })
    const chain = await pool.run(tasks.waits, [new Int32Array([1])])
    const { health } = pool.stats()
    console.log(JSON.stringify({ started, most: Math.max(...counts), chain, health, told }))
    await pool.close()`)
  t.deepEqual(got, { started: 1, most: 1, chain: 3, health: 'memory', told: ['everycore memory'] })
})

test('idle workers leave, and whoever asks hears that it is over', async (t) => {
  const got = await resultOf(`${HEAD}
    const left = []
    diagnostics.subscribe('everycore:worker:end', ({ reason }) => left.push(reason))
    const pool = createPool({ workers: 2, idleTimeout: Infinity, memoryLimit: process.memoryUsage.rss() + 200 * MB })
    await pool.warmup()
    const before = pool.stats().health
    let held = Buffer.alloc(400 * MB, 1)
    while (left.length < 2) await turn()
    const during = pool.stats()
    held = undefined
    while (pool.stats().health !== 'ok') collect(), await turn()
    const results = await pool.parMap([1, 2], (x) => x * 2)
    console.log(JSON.stringify({ before, during: [during.health, during.workers], left, results, told }))
    await pool.close()`)
  t.deepEqual(got, {
    before: 'ok',
    during: ['memory', { busy: 0, idle: 0, starting: 0, started: 2, replaced: 0 }],
    left: ['exit', 'exit'],
    results: [2, 4],
    told: ['everycore memory', 'everycore ok'],
  })
})

test('tasks that wait for tasks which may not start hold nothing up for ever', async (t) => {
  const got = await resultOf(`${HEAD}
    const pool = createPool({ workers: 2, memoryLimit: process.memoryUsage.rss() + 300 * MB })
    const word = new Int32Array(new SharedArrayBuffer(4))
    const waits = pool.run(tasks.waits, [word])
    while (pool.stats().running === 0) await turn()
    const held = Buffer.alloc(600 * MB, 1)
    while (pool.stats().health === 'ok') await turn()
    await pool.run(tasks.sets, [word])
    console.log(JSON.stringify({ chain: await waits, health: pool.stats().health, held: held.length > 0 }))
    await pool.close()`)
  t.deepEqual(got, { chain: 3, health: 'memory', held: true })
})

test('a pool that was never used is well', (t) => {
  t.is(createPool({ memoryLimit: Infinity }).stats().health, 'ok')
})
