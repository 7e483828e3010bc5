// `parMap` in workers: order, failures, limits and options, told by what happens and not by how long it takes.

import { Readable } from 'node:stream'
import test from 'ava'

import { createPool, parMap, ParallelError, taskInfo, zip } from 'everycore'
import { makeRoom, told as rung, words } from './fixtures/shared.ts'

// Tests here hold several workers at once, on however few cores.
await makeRoom()

const numbers = (count: number): number[] => Array.from({ length: count }, (_, i) => i)
const double = (x: number): number => x * 2

test('results stand in the order of the items', async (t) => {
  const items = numbers(20_000)
  t.deepEqual(await parMap(items, double), items.map(double))
  t.deepEqual(await parMap([], double), [])
  t.deepEqual(await parMap([5], (x, index) => [x, index]), [[5, 0]])
})

for (const chunk of [1, 3, 1000, 'auto'] as const) {
  test(`chunk: ${chunk}`, async (t) => {
    const items = numbers(500)
    t.deepEqual(await parMap(items, double, { chunk }), items.map(double))
  })
}

// Counts in `use`: running now, most at a time, started.
const meeting = (_x: number, _i: number, { use }: { use: { counts: Int32Array; all: number } }): void => {
  const { counts, all } = use
  const now = Atomics.add(counts, 0, 1) + 1
  for (let most = Atomics.load(counts, 1); now > most; most = Atomics.load(counts, 1))
    Atomics.compareExchange(counts, 1, most, now)
  // Each group of `all` items meets before any of it ends: they do run at the same time.
  const group = Math.ceil((Atomics.add(counts, 2, 1) + 1) / all) * all
  for (let started = Atomics.load(counts, 2); started < group; started = Atomics.load(counts, 2))
    Atomics.wait(counts, 2, started, 5)
  Atomics.notify(counts, 2)
  Atomics.sub(counts, 0, 1)
}

test('concurrency below the workers', async (t) => {
  await using pool = createPool({ workers: 4 })
  for (const concurrency of [1, 2, 3]) {
    const counts = words(3)
    await pool.parMap(numbers(concurrency * 6), meeting, { use: { counts, all: concurrency }, concurrency, chunk: 1 })
    t.is(counts[1], concurrency)
  }
})

test('by default every worker takes part', async (t) => {
  await using pool = createPool({ workers: 4 })
  const counts = words(3)
  await pool.parMap(numbers(4), meeting, { use: { counts, all: 4 }, chunk: 1 })
  t.is(counts[1], 4)
})

test('concurrency above the workers: functions that await overlap in a worker', async (t) => {
  const counts = words(2)
  const single = createPool({ workers: 1 })
  const awaiting = (_x: number, _i: number, { use }: { use: { counts: Int32Array } }): Promise<number> => {
    const { counts } = use
    const now = Atomics.add(counts, 0, 1) + 1
    if (now > counts[1]!) counts[1] = now
    const g = globalThis as unknown as { open?: () => void; waiting?: (() => void)[] }
    g.waiting ??= []
    const all = g.waiting
    return new Promise<void>((resolve) => {
      all.push(resolve)
      if (all.length === 8) all.splice(0).forEach((one) => one())
    }).then(() => Atomics.sub(counts, 0, 1))
  }
  await single.parMap(numbers(32), awaiting, { use: { counts }, concurrency: 8, chunk: 8 })
  t.is(counts[1], 8)
  await single.close()
})

const failing = (x: number): number => {
  if (x % 3 === 1) throw new RangeError(`no ${x}`)
  return x
}

test("onError 'collect': every item runs, then one error tells all", async (t) => {
  const job = parMap(numbers(8), failing)
  const error = (await t.throwsAsync(job, {
    instanceOf: ParallelError,
    message: '3 of 8 items failed; first (item 1): RangeError: no 1',
  })) as ParallelError
  t.deepEqual(
    error.failures.map(({ index, attempt }) => [index, attempt]),
    [
      [1, 1],
      [4, 1],
      [7, 1],
    ],
  )
  t.true(error.errors.every((one) => one instanceof RangeError))
  t.is(error.cause, error.errors[0])
  t.false(1 in error.results)
  t.deepEqual(
    [...error.results.keys()].filter((i) => i in error.results),
    [0, 2, 3, 5, 6],
  )
  t.like(taskInfo(error.errors[1]), { index: 4, attempt: 1, id: job.id, name: 'failing' })
  t.regex(error.errors[0].stack, /failing[^]*par-map-workers/)
})

test("onError 'return': the error stands in the failed item's place", async (t) => {
  const results = await parMap(numbers(4), failing, { onError: 'return' })
  t.deepEqual([results[0], results[2], results[3]], [0, 2, 3])
  t.true(results[1] instanceof RangeError)
})

test("onError 'stop': the first failure ends the rest", async (t) => {
  const started = words(1)
  await t.throwsAsync(
    parMap(
      numbers(10_000),
      (x, _i, { use }) => {
        Atomics.add(use.started, 0, 1)
        if (x === 3) throw new RangeError('stop here')
      },
      { use: { started }, onError: 'stop', chunk: 1 },
    ),
    { instanceOf: RangeError, message: 'stop here' },
  )
  t.true(started[0]! < 10_000)
})

test('settled: one outcome per item', async (t) => {
  const outcomes = await parMap(numbers(3), failing).settled()
  t.deepEqual(
    outcomes.map((one) => one.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
})

test('preserveOrder false: as completed', async (t) => {
  await using pool = createPool({ workers: 4 })
  const gate = words(1)
  const results = await pool.parMap(
    [0, 1, 2],
    (x, _i, { use }) => {
      if (x === 0) Atomics.wait(use.gate, 0, 0)
      return x
    },
    {
      use: { gate },
      chunk: 1,
      preserveOrder: false,
      // Another one has come.
      onProgress: () => {
        Atomics.store(gate, 0, 1)
        Atomics.notify(gate, 0)
      },
    },
  )
  t.deepEqual(results.toSorted(), [0, 1, 2])
  t.not(results[0], 0)
})

test('retries with delay and when', async (t) => {
  const asked: number[] = []
  const results = await parMap(
    [1, 2, 3],
    (x, _i, { attempt }) => {
      if (attempt < x) throw new Error(`${attempt}`)
      return attempt
    },
    { retries: { times: 3, delay: (attempt) => (asked.push(attempt), 1) } },
  )
  t.deepEqual(results, [1, 2, 3])
  t.deepEqual(asked.toSorted(), [1, 1, 2])
  const error = (await t.throwsAsync(
    parMap(
      [0, 1],
      (x) => {
        throw x ? new TypeError('for good') : new RangeError('again')
      },
      { retries: { times: 2, when: (e) => e instanceof RangeError } },
    ),
  )) as ParallelError
  t.deepEqual(
    error.failures.map((one) => one.attempt),
    [3, 1],
  )
})

test('timeout fails the one item, and the rest goes on', async (t) => {
  await using pool = createPool({ workers: 4 })
  const results = await pool.parMap(
    numbers(6),
    (x) => {
      if (x === 2) for (;;);
      return x
    },
    { timeout: 300, grace: 0, onError: 'return', chunk: 1 },
  )
  t.like(results[2], { code: 'ERR_TIMEOUT' })
  t.deepEqual(results.toSpliced(2, 1), [0, 1, 3, 4, 5])
})

test('signal: on entry, and while running', async (t) => {
  const reason = new Error('enough')
  let pulled = 0
  function* source(): Generator<number> {
    for (;;) yield pulled++
  }
  t.is(await parMap(source(), double, { signal: AbortSignal.abort(reason) }).catch((error: unknown) => error), reason)
  t.is(pulled, 0)
  const controller = new AbortController()
  const seen = words(1)
  const job = parMap(
    source(),
    (_x, _i, { use }) => {
      Atomics.store(use.seen, 0, 1)
      Atomics.notify(use.seen, 0)
    },
    { signal: controller.signal, use: { seen } },
  )
  await rung(seen)
  controller.abort(reason)
  t.is(await job.catch((error: unknown) => error), reason)
  t.is(job.state, 'cancelled')
})

test('grace: what runs is asked first, then stopped', async (t) => {
  await using pool = createPool({ workers: 4 })
  const [seen, ended] = [words(1), words(1)]
  const job = pool.parMap(
    [0],
    (_x, _i, ctx) => {
      Atomics.store(ctx.use.seen, 0, 1)
      Atomics.notify(ctx.use.seen, 0)
      while (!ctx.aborted);
      Atomics.store(ctx.use.ended, 0, 1)
      Atomics.notify(ctx.use.ended, 0)
    },
    { use: { seen, ended }, grace: 30_000 },
  )
  await rung(seen)
  job.cancel()
  await rung(ended)
  t.is(ended[0], 1)
})

test('cancel at every state', async (t) => {
  const queued = parMap([1], double)
  queued.cancel()
  t.is(queued.state, 'cancelled')
  t.like(await queued.settled(), [{ status: 'rejected', reason: { code: 'ERR_CANCELLED' } }])
  const done = parMap([1], double)
  await done
  done.cancel()
  t.is(done.state, 'done')
  const failed = parMap([1], failing)
  await failed.settled()
  failed.cancel()
  t.is(failed.state, 'failed')
  await t.throwsAsync(failed)
  const unopened = parMap(
    (async function* () {
      await new Promise(() => {})
      yield 1
    })(),
    double,
  )
  unopened.cancel(new Error('never came'))
  await t.throwsAsync(unopened, { message: 'never came' })
})

test('onProgress ends with everything', async (t) => {
  const told: object[] = []
  await parMap(numbers(1000), failing, { onProgress: (progress) => told.push({ ...progress }), onError: 'return' })
  t.deepEqual(told.at(-1), { done: 1000, failed: 333, total: 1000 })
})

test('use: values and functions, sent once per worker', async (t) => {
  await using pool = createPool({ workers: 4 })
  const results = await parMap([1, 2], (x, _i, { use }) => use.scale(x) + use.offset, {
    use: { offset: 10, scale: (x: number) => x * 3 },
  })
  t.deepEqual(results, [13, 16])
  await t.throwsAsync(
    parMap([1], (x) => x, { use: { broken: () => pool } }),
    { code: 'ERR_CAPTURE', message: /use\.broken[^]*pool/ },
  )
})

test('metadata and name', async (t) => {
  const job = parMap([1], (_x, _i, { metadata, name }) => [metadata, name], { metadata: { id: 7 }, name: 'labelled' })
  t.is(job.name, 'labelled')
  t.deepEqual(job.metadata, { id: 7 })
  t.deepEqual(await job, [[{ id: 7 }, 'labelled']])
})

test('priorities all finish', async (t) => {
  const jobs = (['low', 'high', 'normal'] as const).map((priority) =>
    parMap(numbers(300), double, { priority, chunk: 1 }),
  )
  for (const results of await Promise.all(jobs)) t.deepEqual(results, numbers(300).map(double))
})

test('typed arrays give typed arrays', async (t) => {
  t.deepEqual(await parMap(Float64Array.of(1, 2, 3), (x) => x / 2), Float64Array.of(0.5, 1, 1.5))
  t.deepEqual(await parMap(BigInt64Array.of(1n, 2n), (x) => x * 2n), BigInt64Array.of(2n, 4n))
  const shared = new Uint8Array(new SharedArrayBuffer(2))
  t.true((await parMap(shared, (x) => x + 1)).buffer instanceof SharedArrayBuffer)
  await t.throwsAsync(
    parMap(Int8Array.of(1), () => 'x' as never),
    { instanceOf: ParallelError },
  )
})

test('zip: the elements are the first parameters', async (t) => {
  t.deepEqual(await parMap(zip([1, 2, 3], 'ab'), (x, letter, index) => `${x}${letter}${index}`), ['1a0', '2b1'])
})

test('sources of every kind', async (t) => {
  const expected = [2, 4, 6]
  t.deepEqual(await parMap(new Set([1, 2, 3]), double), expected)
  t.deepEqual(await parMap([Promise.resolve(1), 2, Promise.resolve(3)], double), expected)
  t.deepEqual(
    await parMap(
      (async function* () {
        yield* [1, 2, 3]
      })(),
      double,
    ),
    expected,
  )
  t.deepEqual(await parMap(Readable.from([1, 2, 3]) as AsyncIterable<number>, double), expected)
  t.deepEqual(await parMap(ReadableStream.from([1, 2, 3]) as unknown as AsyncIterable<number>, double), expected)
  t.deepEqual(await parMap('abc', (letter) => letter.toUpperCase()), ['A', 'B', 'C'])
})

test("a rejected promise among the items is that item's failure; a source that throws ends the job", async (t) => {
  const outcomes = await parMap([1, Promise.reject(new Error('item')), 3], double).settled()
  t.like(outcomes, [{ value: 2 }, { reason: { message: 'item' } }, { value: 6 }])
  const error = new Error('source')
  function* source(): Generator<number> {
    yield 1
    throw error
  }
  t.is(await parMap(source(), double).catch((one: unknown) => one), error)
})

test('an item or a result that cannot be sent fails that item alone', async (t) => {
  const results = await parMap([1, () => {}, 3] as unknown[], (x) => (x === 3 ? { f() {} } : x), { onError: 'return' })
  t.is(results[0], 1)
  t.like(results[1], { code: 'ERR_NOT_CLONEABLE', path: 'item' })
  t.like(results[2], { code: 'ERR_NOT_CLONEABLE', path: 'result.f' })
})
