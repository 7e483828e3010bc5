// A job is a promise that also tells how its work goes.

import { inspect } from 'node:util'

import test from 'ava'

import { parMap } from 'everycore'
import { sleep } from './fixtures/watched.ts'

const same = async (x: number): Promise<number> => x

test('it is a promise, and gives plain ones', async (t) => {
  const job = parMap([1], same)
  t.true(job instanceof Promise)
  t.is(inspect(job).startsWith('Promise'), true)
  for (const plain of [job.then(), job.catch(() => {}), job.finally(() => {})])
    t.is(Object.getPrototypeOf(plain), Promise.prototype)
  t.is(await Promise.resolve(job), await job)
  t.is(Promise.resolve(job), job as never, 'not wrapped once more by await and Promise.all')
  t.deepEqual(await Promise.all([job, job]), [[1], [1]])
})

test('the function runs when the caller holds its job', async (t) => {
  const job = parMap([1], async (): Promise<string> => job.state)
  t.is(job.state, 'queued')
  t.deepEqual(await job, ['running'])
  t.is(job.state, 'done')
})

test('id, name, lane, metadata', async (t) => {
  const jobs = [
    parMap([1], same),
    parMap([1], same, { name: 'mine', metadata: { user: 5 } }),
    parMap([1], async (x) => x),
  ]
  t.is(new Set(jobs.map((job) => job.id)).size, 3)
  t.deepEqual(
    jobs.map((job) => job.name),
    ['same', 'mine', 'anonymous'],
  )
  t.deepEqual(
    jobs.map((job) => job.lane),
    ['caller', 'caller', 'caller'],
  )
  t.deepEqual(
    jobs.map((job) => job.metadata),
    [{}, { user: 5 }, {}],
  )
  await Promise.all(jobs)
})

test('a function whose name is no string', async (t) => {
  const odd = Object.defineProperty(async (x: number) => x, 'name', { value: () => 1 })
  const job = parMap([1], odd)
  t.is(job.name, 'anonymous')
  await job
})

test('progress counts what has ended, and knows the total where the source does', async (t) => {
  const job = parMap([1, 2, 3], async (x) => {
    if (x === 2) throw new Error('no')
    await sleep(20)
  })
  t.deepEqual(job.progress, { done: 0, failed: 0, total: 3 })
  await sleep(5)
  t.deepEqual(job.progress, { done: 1, failed: 1, total: 3 })
  await t.throwsAsync(job)
  t.deepEqual(job.progress, { done: 3, failed: 1, total: 3 })
  const open = parMap(
    (function* () {
      yield 1
      yield 2
    })(),
    same,
  )
  t.is(open.progress.total, undefined)
  await open
  t.is(open.progress.total, 2)
})

test('timing', async (t) => {
  const before = performance.timeOrigin + performance.now()
  const job = parMap([1], async () => sleep(30))
  t.true(job.timing.queuedMs >= 0)
  t.is(job.timing.ranMs, 0)
  await job
  const { createdAt, queuedMs, ranMs } = job.timing
  const after = performance.timeOrigin + performance.now()
  t.true(createdAt >= before && queuedMs >= 0)
  t.true(ranMs >= 25, 'a timer may be a millisecond early')
  t.true(createdAt + queuedMs + ranMs <= after)
  await sleep(5)
  t.is(job.timing.ranMs, ranMs, 'stands still when the job has ended')
})

test('settled never rejects and tells each item', async (t) => {
  const failure = new Error('two')
  const job = parMap(
    [1, 2, 3],
    async (x) => {
      if (x === 2) throw failure
      return x
    },
    { preserveOrder: false },
  )
  t.deepEqual(await job.settled(), [
    { status: 'fulfilled', value: 1 },
    { status: 'rejected', reason: failure },
    { status: 'fulfilled', value: 3 },
  ])
  t.is(job.state, 'failed')
})

test("settled under onError 'return' knows failures from results that are errors", async (t) => {
  const failure = new Error('thrown')
  const value = new Error('given')
  const job = parMap(
    [1, 2],
    async (x) => {
      if (x === 1) throw failure
      return value
    },
    { onError: 'return' },
  )
  t.deepEqual(await job, [failure, value])
  t.deepEqual(await job.settled(), [
    { status: 'rejected', reason: failure },
    { status: 'fulfilled', value },
  ])
})

test('settled of a job that ended early: what did not run is rejected with its reason', async (t) => {
  const held: number[] = []
  const hold = async (x: number): Promise<void> => {
    held.push(x)
    await sleep(1000)
  }
  const known = parMap(
    [1, 2, 3],
    async (x) => {
      if (x > 1) await hold(x)
      return x
    },
    { concurrency: 2 },
  )
  const open = parMap(
    (function* () {
      for (let i = 1; ; i++) yield i
    })(),
    async (x) => {
      if (x > 1) await hold(x)
      return x
    },
    { concurrency: 2 },
  )
  while (held.length < 4) await sleep(1)
  const reason = new Error('enough')
  known.cancel(reason)
  open.cancel(reason)
  const rejected = { status: 'rejected', reason } as const
  t.deepEqual(await known.settled(), [{ status: 'fulfilled', value: 1 }, rejected, rejected])
  t.deepEqual(
    await open.settled(),
    [{ status: 'fulfilled', value: 1 }, rejected, rejected, rejected],
    'two in flight, one for all the rest',
  )
})

test('cancel and settled count as handling the rejection', async (t) => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  parMap([1], async () => sleep(50)).cancel()
  void parMap([1], async () => {
    throw new Error('seen by settled')
  }).settled()
  await sleep(20)
  process.off('unhandledRejection', note)
  t.deepEqual(unhandled, [])
})
