// Several threads of the user's use the library at once, each with a shared pool of its own.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import test from 'ava'

import { parMap } from 'everycore'

const script = new URL('./fixtures/caller.mjs', import.meta.url)

interface Told {
  isWorker: boolean
  mapped: number[]
  called: number[]
  failed: [boolean, string]
}

test('each gets its own results', async (t) => {
  const threads = Array.from(
    { length: 4 },
    (_, i) => new Worker(script, { workerData: { base: i * 10_000, count: 2000 } }),
  )
  const here = parMap(
    Array.from({ length: 2000 }, (_, i) => i),
    (x) => x * 3,
  )
  const answers = (await Promise.all(threads.map((thread) => once(thread, 'message')))) as [Told][]
  answers.forEach(([answer], i) => {
    const items = Array.from({ length: 2000 }, (_, k) => i * 10_000 + k)
    t.false(answer.isWorker)
    t.deepEqual(
      answer.mapped,
      items.map((x) => x * 2),
    )
    t.deepEqual(
      answer.called,
      items.slice(0, 100).map((x) => x + 1),
    )
    t.deepEqual(answer.failed, [true, String(i * 10_000)])
  })
  t.deepEqual((await here)[1999], 5997)
  await Promise.all(threads.map((thread) => thread.terminate()))
})

test('a thread that is terminated amid its calls harms nobody', async (t) => {
  const threads = Array.from({ length: 3 }, () => new Worker(script, { workerData: { base: 0, count: 50_000 } }))
  await Promise.all(threads.map((thread) => once(thread, 'online')))
  const here = parMap([1, 2, 3], (x) => x + 1)
  await Promise.all(threads.map((thread) => thread.terminate()))
  t.deepEqual(await here, [2, 3, 4])
})
