// The warm spare: the worker after one that has died has loaded everything, sets up as any other, and leaves nothing behind.
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { Worker } from 'node:worker_threads'
import test from 'ava'
import { createPool } from 'everycore'
import type { Pool, WorkerMessage } from 'everycore'
import { kill } from 'everycore/testing'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

/** Node counts threads as they start: the id that the next one would have. */
async function nextThreadId(): Promise<number> {
  const thread = new Worker('', { eval: true })
  const { threadId } = thread
  await thread.terminate()
  return threadId + 1
}

/** The next worker of `pool` of which that is told. */
function next(event: 'start' | 'up', pool: Pool): Promise<WorkerMessage> {
  const channel = `everycore:worker:${event}`
  return new Promise((resolve) => {
    const told = (message: unknown): void => {
      if ((message as WorkerMessage).pool !== pool.name) return
      unsubscribe(channel, told)
      resolve(message as WorkerMessage)
    }
    subscribe(channel, told)
  })
}

test.serial('takes the seat of the next that dies, set up as any other', async (t) => {
  const shared = new Int32Array(new SharedArrayBuffer(8))
  const pool = createPool({
    workers: 1,
    name: 'with a spare',
    setup: () => void ((globalThis as Record<string, unknown>)['up'] = true),
  })
  const look = (): unknown => [
    (globalThis as Record<string, unknown>)['up'],
    (globalThis as Record<string, unknown>)['level'],
  ]
  await pool.warmup()
  await pool.broadcast(
    (words: Int32Array) => void ((globalThis as Record<string, unknown>)['level'] = words),
    [shared],
    { sticky: true },
  )
  for (let deaths = 0; deaths < 5; deaths++) {
    const before = await nextThreadId()
    const [start, up] = [next('start', pool), next('up', pool)]
    await kill(0, pool)
    const result = pool.run(look)
    t.is((await start).threadId < before, deaths > 0, 'only after the first death its thread was there before')
    t.deepEqual(await result, [true, shared] as never)
    // Now the next spare starts.
    await up
  }
  await pool.close()
})

test.serial('there is none where nothing has died', async (t) => {
  const pool = createPool({ workers: 1, name: 'without one', recycleAfter: { jobs: 1 } })
  for (let i = 0; i < 5; i++) {
    const before = await nextThreadId()
    const start = next('start', pool)
    t.is(await pool.run((x: number) => x + 1, [i]), i + 1)
    t.true((await start).threadId >= before)
  }
  await pool.close()
})

test.serial('it neither keeps the process nor is in the way of its end', async (t) => {
  for (const how of ['close', 'leave', 'exit'])
    endedWell(t, await child('spare.mjs', { args: [how] }), how === 'exit' ? 3 : 0)
})
