// Signals and `cancel`: the job rejects at once with the reason, starts nothing more, and leaves nothing behind.

import { getEventListeners } from 'node:events'

import test from 'ava'

import { parMap } from 'everycore'
import { sleep, watched } from './fixtures/watched.ts'

test('a signal aborted on entry: nothing runs', async (t) => {
  let calls = 0
  const reason = { any: 'value' }
  const source = watched(5)
  const job = parMap(
    source.items,
    async () => {
      calls++
    },
    { signal: AbortSignal.abort(reason) },
  )
  t.is(job.state, 'cancelled')
  t.is(
    await job.then(
      () => {},
      (thrown) => thrown,
    ),
    reason as never,
  )
  await sleep(5)
  t.deepEqual([calls, source.pulls, source.closes], [0, 0, 1])
})

test('a signal that aborts later: at once, with its reason', async (t) => {
  const controller = new AbortController()
  const reason = new Error('changed my mind')
  const started: number[] = []
  const seen: unknown[] = []
  const job = parMap(
    [1, 2, 3],
    async (x, _i, { signal }) => {
      started.push(x)
      signal.addEventListener('abort', () => seen.push(signal.reason))
      await new Promise(() => {})
    },
    { signal: controller.signal, concurrency: 2 },
  )
  await sleep(10)
  controller.abort(reason)
  t.is(await t.throwsAsync(job), reason)
  t.deepEqual(started, [1, 2])
  t.deepEqual(seen, [reason, reason])
  t.is(job.state, 'cancelled')
})

test('abort without a reason, and by timeout, reject as fetch does', async (t) => {
  const reasonOf = (job: Promise<unknown>): Promise<DOMException> =>
    job.then(
      () => t.fail() as never,
      (reason) => reason,
    )
  const aborted = await reasonOf(parMap([1], async (x) => x, { signal: AbortSignal.abort() }))
  const late = await reasonOf(parMap([1], async () => sleep(1000), { signal: AbortSignal.timeout(10) }))
  t.true(aborted instanceof DOMException && late instanceof DOMException)
  t.deepEqual([aborted.name, late.name], ['AbortError', 'TimeoutError'])
})

test('listeners are removed, however the job ends', async (t) => {
  const { signal } = new AbortController()
  const listeners = (): number => getEventListeners(signal, 'abort').length
  await parMap([1], async (x) => x, { signal })
  await parMap(
    [1],
    async () => {
      throw new Error('no')
    },
    { signal },
  ).settled()
  await parMap(
    [1],
    async () => {
      throw new Error('no')
    },
    { signal, onError: 'stop' },
  ).settled()
  const job = parMap([1], async () => sleep(100), { signal })
  t.is(listeners(), 1)
  job.cancel()
  await job.settled()
  t.is(listeners(), 0)
})

test('a signal of another realm or library', async (t) => {
  const listeners = new Set<() => void>()
  const foreign = {
    aborted: false,
    reason: undefined as unknown,
    addEventListener: (_: string, use: () => void) => listeners.add(use),
    removeEventListener: (_: string, use: () => void) => listeners.delete(use),
  }
  const job = parMap([1], async () => sleep(1000), { signal: foreign as unknown as AbortSignal })
  foreign.aborted = true
  foreign.reason = new Error('from afar')
  for (const use of listeners) use()
  await t.throwsAsync(job, { message: 'from afar' })
  t.is(listeners.size, 0)
})

test('cancel: a CancelledError by default, or any reason', async (t) => {
  const job = parMap([1], async () => sleep(1000), { name: 'slow' })
  job.cancel()
  await t.throwsAsync(job, { name: 'AbortError', code: 'ERR_CANCELLED', message: "'slow' was cancelled" })
  const other = parMap([1], async () => sleep(1000))
  other.cancel('enough')
  other.cancel('too late')
  t.is(
    await other.then(
      () => {},
      (reason) => reason,
    ),
    'enough' as never,
  )
})

test('cancel before anything started', async (t) => {
  let calls = 0
  const job = parMap([1], async () => {
    calls++
  })
  job.cancel()
  await t.throwsAsync(job, { code: 'ERR_CANCELLED' })
  await sleep(5)
  t.is(calls, 0)
})

test('cancel has no effect on a job that has ended', async (t) => {
  const job = parMap([1], async (x) => x)
  t.deepEqual(await job, [1])
  job.cancel()
  t.is(job.state, 'done')
  t.deepEqual(await job, [1])
})

test('cancel from inside the function', async (t) => {
  const aborted: boolean[] = []
  const job = parMap(
    [1, 2, 3],
    async (_x, _i, ctx) => {
      job.cancel()
      aborted.push(ctx.aborted, ctx.signal.aborted)
    },
    { concurrency: 1 },
  )
  await t.throwsAsync(job, { code: 'ERR_CANCELLED' })
  t.deepEqual(aborted, [true, true])
})

test('what runs on rejects to nobody', async (t) => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  process.on('unhandledRejection', note)
  const job = parMap([1, 2], async () => {
    await sleep(200)
    throw new Error('late')
  })
  const sync = parMap([1], async () => {
    sync.cancel()
    throw new Error('late too')
  })
  await sleep(2)
  job.cancel()
  await sleep(400)
  process.off('unhandledRejection', note)
  t.deepEqual(unhandled, [])
})
