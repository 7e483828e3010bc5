// A calling thread that is blocked, and a process that is stopped: results come later, and so do timeouts, but none fires for what was not slow itself.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { createPool } from 'everycore'

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
  const pool = createPool({ workers: 1 })
  const done = new Int32Array(new SharedArrayBuffer(4))
  const map = pool.parMap([...Array(500).keys()], (_n, _i, { use }) => void Atomics.add(use.done, 0, 1), {
    use: { done },
  })
  // Some results, so that the workers are there.
  while (Atomics.load(done, 0) === 0) await new Promise(setImmediate)
  while (Atomics.load(done, 0) < 500) block(5)
  await map
  t.pass()
  await pool.close()
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

const posix = process.platform === 'win32' ? test.skip : test

posix('a process that is stopped for longer than its timeouts', async (t) => {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./fixtures/faults/stopped.mjs', import.meta.url))], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '', NODE_DEBUG: '' },
  })
  let told = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text))
  const exit = once(child, 'exit')
  for (let stops = 0; stops < 2; stops++) {
    while (told.split('run\n').length - 1 <= stops) await once(child.stdout, 'data')
    child.kill('SIGSTOP')
    await new Promise((resolve) => setTimeout(resolve, 1500))
    child.kill('SIGCONT')
  }
  t.deepEqual(await exit, [0, null])
  t.regex(told, /0 timed out, 0 replaced/)
})
