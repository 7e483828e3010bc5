// A calling thread that is blocked, and a process that is stopped: results come later, and so do timeouts, but none fires for what was not slow itself.
import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import { createPool, parMap } from 'everycore'
import { assertIdle } from 'everycore/testing'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

/** Holds the calling thread. */
function block(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms)
}

test('items that end while the calling thread is blocked have not timed out', async (t) => {
  const pool = createPool({ workers: 1 })
  await pool.warmup()
  for (const timeout of [300, 600]) {
    const items = [...Array(200).keys()]
    const map = pool.parMap(items, (n) => n, { timeout, grace: 0 })
    const awaited = pool.parMap(
      [1],
      async (ms: number) => new Promise<string>((resolve) => setTimeout(resolve, ms, 'awaited')),
      {
        on: 'workers',
        timeout,
        grace: 0,
      },
    )
    await new Promise((resolve) => setTimeout(resolve, 10))
    block(3 * timeout)
    t.deepEqual(await map, items)
    t.deepEqual(await awaited, ['awaited'])
  }
  t.is(pool.stats().workers.replaced, 0)
  await pool.close()
})

test('workers go on while it is blocked', async (t) => {
  const pool = createPool({ workers: 2 })
  await pool.warmup()
  const done = new Int32Array(new SharedArrayBuffer(4))
  const exits = pool.run(() => process.exit(4)).catch((error: { code: unknown }) => error.code)
  const drawn: number[] = []
  function* items(): Generator<number> {
    for (let n = 0; n < 500; n++) yield drawn.push(n) - 1
  }
  const map = pool.parMap(items(), (n, _i, { use }) => (Atomics.add(use.done, 0, 1), n), { use: { done } })
  // What is not handed over yet cannot be worked on.
  while (drawn.length < 500 || Atomics.load(done, 0) === 0) await new Promise(setImmediate)
  while (Atomics.load(done, 0) < 500) block(5)
  t.deepEqual(await map, drawn)
  t.is(done[0], 500, 'each item began once')
  t.is(await exits, 'ERR_WORKER_EXIT')
  await pool.close()
  assertIdle(pool)
})

test('what is endless is stopped once the calling thread is free again', async (t) => {
  const pool = createPool({ workers: 1 })
  const map = pool.parMap(
    ['loops', 'fine'],
    (what: string) => {
      if (what === 'loops') for (;;);
      return what
    },
    { timeout: 100, grace: 0, chunk: 2 },
  )
  await new Promise((resolve) => setTimeout(resolve, 20))
  block(300)
  t.like(await map.settled(), [{ reason: { code: 'ERR_TIMEOUT' } }, { value: 'fine' }] as never)
  await pool.close()
})

test('what runs on the calling thread itself has not timed out if what it waits for has come meanwhile', async (t) => {
  const words = new Int32Array(new SharedArrayBuffer(8))
  const answers = `
    const { parentPort, workerData: words } = require('node:worker_threads')
    Atomics.wait(words, 0, 0)
    parentPort.postMessage('answered')
    Atomics.store(words, 1, 1)
    Atomics.notify(words, 1)`
  const other = new Worker(answers, { eval: true, workerData: words })
  const ended = once(other, 'exit')
  const timeout = 200
  const [answered, never] = await parMap(
    [once(other, 'message'), new Promise<never>(() => {})].map((answer) => ({ answer })),
    async ({ answer }) => {
      // The first of them to run; the other one is underway as well when the thread is blocked.
      if (Atomics.compareExchange(words, 0, 0, 1) === 0) setImmediate(blocks)
      const [said] = await answer
      await new Promise(setImmediate)
      return said as string
    },
    { timeout },
  ).settled()
  function blocks(): void {
    Atomics.notify(words, 0)
    Atomics.wait(words, 1, 0)
    block(2 * timeout)
  }
  t.like(answered, { value: 'answered' })
  t.like(never, { reason: { code: 'ERR_TIMEOUT' } } as never)
  await ended
})

test('a call that could not start because of it has not waited', async (t) => {
  const pool = createPool({ workers: 1 })
  const queueTimeout = 2000
  const call = pool.run(() => 'ran', [], { queueTimeout })
  block(queueTimeout + 200)
  t.is(await call, 'ran')
  await pool.close()
})

test('what a pool has done meanwhile is not cancelled by its close', async (t) => {
  const pool = createPool({ workers: 1 })
  await pool.warmup()
  const done = new Int32Array(new SharedArrayBuffer(4))
  const map = pool.parMap([1, 2, 3], (n, _i, { use }) => (Atomics.add(use.done, 0, 1), n), { use: { done } })
  await new Promise(setImmediate)
  const timeout = 200
  const closed = pool.close({ timeout })
  while (Atomics.load(done, 0) < 3) block(5)
  block(2 * timeout)
  t.deepEqual(await map, [1, 2, 3])
  await closed
})

const posix = process.platform === 'win32' ? test.skip : test

posix('a process that is stopped for longer than its timeouts', async (t) => {
  let stops = 0
  const end = await child('stopped.mjs', {
    deadline: 50_000,
    heard(stdout, running) {
      if (stdout.split('run\n').length - 1 <= stops) return
      stops++
      running.kill('SIGSTOP')
      setTimeout(() => running.kill('SIGCONT'), 1500)
    },
  })
  endedWell(t, end)
  t.regex(end.stdout, /0 timed out, 0 replaced/)
  t.true(stops > 0)
})
