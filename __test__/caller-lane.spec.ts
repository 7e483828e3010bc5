// The caller lane: plain async functions here, several in flight, cancelled by asking.

import { AsyncLocalStorage } from 'node:async_hooks'
import { once } from 'node:events'

import test from 'ava'

import { currentTask, parMap, taskInfo, TimeoutError } from 'everycore'
import { sleep } from './fixtures/watched.ts'

const inFlight = async (options: object, count = 100): Promise<number> => {
  let running = 0
  let most = 0
  await parMap(
    Array.from({ length: count }),
    async () => {
      most = Math.max(most, ++running)
      await sleep(2)
      running--
    },
    options,
  )
  return most
}

test('32 items in flight, or as many as concurrency says', async (t) => {
  t.is(await inFlight({}), 32)
  t.is(await inFlight({ concurrency: 5 }), 5)
  t.is(await inFlight({ concurrency: 1 }, 5), 1)
  t.is(await inFlight({ concurrency: Infinity }), 100)
})

test('closures work, `this` is nothing', async (t) => {
  let sum = 0
  await parMap([1, 2, 3], async function (this: unknown, x) {
    t.is(this, undefined)
    sum += x
  })
  t.is(sum, 6)
})

test("a sync function with on: 'caller', its throws too", async (t) => {
  const outer = 10
  t.deepEqual(await parMap([1, 2], (x) => x + outer, { on: 'caller' }), [11, 12])
  const [error] = await parMap(
    [1],
    () => {
      throw new RangeError('sync')
    },
    { on: 'caller', onError: 'return' },
  )
  t.true((error as unknown) instanceof RangeError)
})

test('context', async (t) => {
  const job = parMap(
    ['a'],
    async (item, index, ctx) => {
      const { use, metadata, id, name, attempt, worker, aborted, signal } = ctx
      t.is(ctx.signal, signal, 'made once')
      return { item, index, use, metadata, id, name, attempt, worker, aborted, signalled: signal.aborted }
    },
    { use: { k: 1 }, metadata: { m: 2 }, name: 'mine' },
  )
  t.deepEqual(await job, [
    {
      item: 'a',
      index: 0,
      use: { k: 1 },
      metadata: { m: 2 },
      id: job.id,
      name: 'mine',
      attempt: 1,
      worker: null,
      aborted: false,
      signalled: false,
    },
  ])
})

test('currentTask, also after awaits and between items in flight', async (t) => {
  t.is(currentTask(), undefined)
  const pairs = await parMap([3, 2, 1], async (x, _i, ctx) => {
    const before = currentTask()
    await sleep(x * 3)
    return before === ctx && currentTask() === ctx
  })
  t.deepEqual(pairs, [true, true, true])
  t.is(currentTask(), undefined)
})

test("the caller's async context reaches the function", async (t) => {
  const storage = new AsyncLocalStorage<string>()
  const seen = await storage.run('outer', () =>
    parMap(
      Array.from({ length: 50 }),
      async () => {
        await sleep(1)
        return storage.getStore()
      },
      { concurrency: 3 },
    ),
  )
  t.deepEqual(new Set(seen), new Set(['outer']))
})

test('timeout: the attempt fails on time and its signal aborts', async (t) => {
  const reasons: unknown[] = []
  const [error, fine] = await parMap(
    [1, 2],
    async (x, _i, { signal }) => {
      if (x === 2) return 'fine'
      signal.addEventListener('abort', () => reasons.push(signal.reason))
      return new Promise(() => {})
    },
    { timeout: 20, onError: 'return', name: 'slow' },
  )
  t.true(error instanceof TimeoutError)
  t.like(error, {
    name: 'TimeoutError',
    code: 'ERR_TIMEOUT',
    message: "'slow' (item 0) did not end within its timeout of 20 ms",
  })
  t.regex((error as Error).stack!, /caller-lane\.spec/)
  t.true(taskInfo(error)!.ranMs >= 15)
  t.is(fine, 'fine')
  t.deepEqual(reasons, [error])
})

test('an attempt is timed from its own start, though quick ones share a look at the clock', async (t) => {
  const waiting: (() => void)[] = []
  const results = await parMap(
    Array.from({ length: 600 }, (_, i) => i),
    async (i) => {
      if (i >= 432) throw new Error('at once')
      if (i === 431) void sleep(300).then(() => waiting.forEach((go) => go()))
      if (i >= 400) await new Promise<void>((go) => waiting.push(go))
      return i
    },
    { concurrency: 32, onError: 'return' },
  )
  const times = results.slice(432).map((error) => taskInfo(error)!.ranMs)
  t.is(times.length, 168)
  t.deepEqual(
    times.filter((ms) => ms > 150),
    [],
    'they began after the pause',
  )
})

test('timeout is per attempt', async (t) => {
  t.deepEqual(
    await parMap(
      [1],
      async (_x, _i, { attempt }) => {
        if (attempt < 3) await new Promise(() => {})
        return attempt
      },
      { timeout: 20, retries: 3 },
    ),
    [3],
  )
})

test('a late answer after a timeout counts for nobody', async (t) => {
  const results = await parMap(
    [true, false, true, false, false, false],
    async (isLate, i, { signal }) => {
      if (isLate) await once(signal, 'abort')
      return i
    },
    { timeout: 15, concurrency: 1, onError: 'return' },
  )
  t.deepEqual(
    results.map((one) => (one instanceof Error ? 'late' : one)),
    ['late', 1, 'late', 3, 4, 5],
  )
})

test('a timeout frees its place', async (t) => {
  const never = new Promise<never>(() => {})
  const outcomes = await parMap(Array.from({ length: 20 }), async () => never, { timeout: 5, concurrency: 4 }).settled()
  t.is(outcomes.length, 20)
})

test.serial('a function that holds the thread over 20 ms is warned about once', async (t) => {
  const warnings: Error[] = []
  const note = (warning: Error): void => void warnings.push(warning)
  process.on('warning', note)
  const busy = async (): Promise<void> => {
    // By the processor's clock: what other programs hold up is not the function's doing.
    const { user } = process.cpuUsage()
    while (process.cpuUsage().user - user < 30_000);
  }
  await parMap([1, 2], busy)
  await parMap([1, 2], busy)
  await parMap([1, 2], async () => sleep(30))
  for (let i = 0; i < 3; i++) {
    await parMap([1], async function again() {
      // Long, for what this thread waits for a core is taken off.
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200)
    })
  }
  await sleep(5)
  process.off('warning', note)
  t.is(warnings.length, 2)
  t.regex(warnings[1]!.message, /^'again' held/, 'closures of one source are one function; waiting holds too')
  t.like(warnings[0], { name: 'EverycoreWarning', code: 'EVERYCORE_HELD' })
  t.regex(warnings[0]!.message, /^'busy' held the calling thread for \d+ ms; to compute in workers/)
})

test.serial('a function that computes in turns lets the event loop turn', async (t) => {
  let turns = 0
  const ticker = setInterval(() => turns++, 1)
  await parMap(
    Array.from({ length: 30 }),
    () => {
      const until = performance.now() + 4
      while (performance.now() < until);
    },
    { on: 'caller' },
  )
  clearInterval(ticker)
  t.true(turns >= 5, `${turns} turns in 120 ms`)
})

test('functions that settle at once do not starve timers', async (t) => {
  let fired = false
  setTimeout(() => {
    fired = true
  }, 5)
  let after = 0
  await parMap(Array.from({ length: 400_000 }), async () => {
    if (fired) after++
  })
  t.true(after > 0, 'items ran after the timer had fired')
})
