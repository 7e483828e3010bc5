// A promise that nothing can settle any more fails its item; one that anything can is waited for.
import test from 'ava'
import { createPool, run, workerModule } from 'everycore'
import { fails } from './support/scene.ts'

type Waits = Record<string, () => unknown>
const waits = workerModule<Waits>(new URL('./fixtures/faults/waits.mjs', import.meta.url))

test('never settles', (t) => fails(t, 'neverSettles', { class: 'TaskError', code: 'ERR_TASK' }))
test('never settles, with a timeout', (t) =>
  fails(t, 'neverSettles', { class: 'TaskError', code: 'ERR_TASK' }, { options: { timeout: 60_000 } }))

const settled: Record<string, unknown> = {
  timer: 'timer',
  immediates: 100,
  microtasks: 'microtasks',
  request: 'response',
  command: 'command',
  file: true,
  crypto: 32,
  address: 'string',
  port: 'port',
  thread: 'thread',
  stream: [0, 1, 2],
  nestedRun: 2,
}
for (const [name, value] of Object.entries(settled)) {
  test(`${name} is waited for`, async (t) => {
    t.deepEqual(await run(waits[name as never] as never, [] as never), value as never)
  })
}

test('who listens to the signal is not lost', async (t) => {
  await t.throwsAsync(run(waits.listens as never, [] as never, { timeout: 50 }), { code: 'ERR_TIMEOUT' })
  const reason = new Error('enough')
  const controller = new AbortController()
  const job = run(waits.listens as never, [] as never, { signal: controller.signal })
  setTimeout(() => controller.abort(reason), 50)
  t.is(await t.throwsAsync(job), reason)
})

// A chance matter: without the rule about 1 item in 300 was lost.
test('parcels of nested calls that come by way of the home are waited for', async (t) => {
  const pool = createPool({ workers: 4 })
  const factors = Array.from({ length: 3000 }, (_, k) => k)
  const expected = factors.map((k) => [k, 2 * k, 3 * k, 4 * k])
  t.deepEqual(await pool.parMap(factors, waits.nestedMap as never, { concurrency: 16 }), expected as never)
  const calls = factors.slice(0, 1000).map((k) => pool.run(waits.nestedMap as never, [k] as never))
  t.deepEqual(await Promise.all(calls), expected.slice(0, 1000) as never)
  await pool.close()
})
