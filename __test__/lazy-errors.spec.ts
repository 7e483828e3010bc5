// Failures of a lazy map come at their turn, after the results ahead of them, and end it; or they are yielded.

import test from 'ava'

import { lazyParMap, TaskError, taskInfo, TimeoutError } from 'everycore'
import { sleep, turn, watched, watchedLater } from './fixtures/watched.ts'

/** What a flow yields, and how it ends. */
async function outcome(flow: AsyncIterable<unknown>): Promise<{ got: unknown[]; error?: unknown }> {
  const got: unknown[] = []
  try {
    for await (const result of flow) got.push(result)
    return { got }
  } catch (error) {
    return { got, error }
  }
}

test('a failed item throws at its turn, and ends the flow', async (t) => {
  const error = new RangeError('no 5')
  const source = watched(Infinity)
  const flow = lazyParMap(
    source.items,
    async (x) => {
      if (x === 5) throw error
      // Those ahead of it take longer.
      if (x < 5) await sleep(5)
      return x
    },
    { concurrency: 8, name: 'fives', metadata: { label: 1 } },
  )
  const end = await outcome(flow)
  t.deepEqual(end.got, [0, 1, 2, 3, 4])
  t.is(end.error, error)
  t.like(taskInfo(error), { index: 5, attempt: 1, name: 'fives', metadata: { label: 1 }, worker: null })
  t.is(source.closes, 1)
  t.deepEqual(await flow.next(), { done: true, value: undefined })
})

test('what runs behind a failed item is cancelled, and nothing is pulled for nobody', async (t) => {
  const source = watched(Infinity)
  const stopped: unknown[] = []
  const error = new Error('first')
  const flow = lazyParMap(
    source.items,
    async (x, _i, { signal }) => {
      if (x === 0) {
        while (source.pulls < 4) await turn()
        throw error
      }
      await new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => {
          stopped.push(signal.reason)
          reject(signal.reason as Error)
        }),
      )
    },
    { concurrency: 4, buffer: 100 },
  )
  await t.throwsAsync(flow.next(), { is: error })
  t.deepEqual(stopped, [error, error, error])
  const { pulls } = source
  await sleep(1)
  t.is(source.pulls, pulls)
  t.is(source.closes, 1)
})

test('while those ahead of it run, a failed item stops the pulling but not them, and their source stays open', async (t) => {
  const source = watched(Infinity)
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  const flow = lazyParMap(
    source.items,
    async (x) => {
      if (x === 2) throw new Error('two')
      await gate
      return x
    },
    { concurrency: 3, buffer: 1000 },
  )
  const first = flow.next()
  while (source.pulls < 3) await turn()
  await sleep(1)
  const { pulls } = source
  t.true(pulls <= 4)
  t.is(source.closes, 0)
  open()
  t.deepEqual(await first, { done: false, value: 0 })
  t.deepEqual(await flow.next(), { done: false, value: 1 })
  t.is(source.pulls, pulls)
  t.is(source.closes, 1)
  await t.throwsAsync(flow.next(), { message: 'two' })
})

test('of several failures the one with the first turn is thrown', async (t) => {
  const flow = lazyParMap([0, 1, 2, 3], async (x) => {
    await sleep(x === 1 ? 10 : 0)
    if (x > 0) throw new Error(`no ${x}`)
    return x
  })
  t.like(await outcome(flow), { got: [0], error: { message: 'no 1' } })
})

test('as they complete, a failure comes behind what was complete', async (t) => {
  const flow = lazyParMap(
    [0, 1, 2],
    async (x) => {
      await sleep(x === 0 ? 60_000 : x)
      if (x === 2) throw new Error('two')
      return x
    },
    { preserveOrder: false },
  )
  t.like(await outcome(flow), { got: [1], error: { message: 'two' } })
})

test("onError 'return' yields errors in their places", async (t) => {
  const source = watched(5)
  const flow = lazyParMap(
    source.items,
    async (x) => {
      if (x % 2 === 1) throw new RangeError(`no ${x}`)
      return x
    },
    { onError: 'return' },
  )
  const { got, error } = await outcome(flow)
  t.is(error, undefined)
  t.deepEqual([got[0], got[2], got[4]], [0, 2, 4])
  t.true(got[1] instanceof RangeError && got[3] instanceof RangeError)
  t.is(taskInfo(got[3])?.index, 3)
})

test("onError 'collect' is refused", async (t) => {
  const flow = lazyParMap([1], async (x) => x, { onError: 'collect' as never })
  await t.throwsAsync(flow.next(), {
    code: 'ERR_OPTION',
    message: `lazyParMap: option 'onError' must be "stop" or "return", got 'collect'`,
  })
  t.deepEqual(await flow.next(), { done: true, value: undefined })
})

for (const falsy of [undefined, null, 0, '', false]) {
  test(`a rejection with ${JSON.stringify(falsy)} is one`, async (t) => {
    const flow = lazyParMap([1], async () => {
      throw falsy
    })
    const error = await t.throwsAsync(flow.next(), { instanceOf: TaskError })
    t.is(error?.cause, falsy)

    const source = (function* () {
      yield 0
      yield 1
      throw falsy
    })()
    const broken = await outcome(lazyParMap(source, async (x) => x))
    t.deepEqual(broken, { got: [0, 1], error: falsy })
    t.true('error' in broken)
  })
}

for (const [kind, make] of [
  ['a sync source', watched],
  ['an async source', watchedLater],
] as const) {
  test(`${kind} that throws at k, for all k: the results ahead of it, then its error`, async (t) => {
    for (const preserveOrder of [true, false]) {
      for (const buffer of [1, 3, 100]) {
        for (let k = 0; k <= 8; k++) {
          const error = new Error(`source broke at ${k}`)
          const source = make(100, k, error)
          const aborted: unknown[] = []
          const flow = lazyParMap(
            source.items as Iterable<number>,
            async (x, _i, { signal }) => {
              signal.addEventListener('abort', () => aborted.push(x))
              await turn()
              return x
            },
            { buffer, preserveOrder },
          )
          const { got, error: thrown } = await outcome(flow)
          t.deepEqual(
            got.toSorted(),
            Array.from({ length: k }, (_, i) => i),
          )
          t.is(thrown, error)
          t.is(source.closes, 0, 'what ended by itself is not closed')
          t.deepEqual(aborted, [])
          t.deepEqual(await flow.next(), { done: true, value: undefined })
        }
      }
    }
  })
}

test('an item that fails ahead of a source that throws comes first', async (t) => {
  const flow = lazyParMap(watched(10, 3).items, async (x) => {
    await sleep(1)
    if (x === 1) throw new Error('item')
    return x
  })
  t.like(await outcome(flow), { got: [0], error: { message: 'item' } })
})

test('a source that cannot be opened', async (t) => {
  for (const [items, shown] of [
    [5, '5'],
    [null, 'null'],
    [{}, 'an object'],
  ] as const) {
    const flow = lazyParMap(items as never, async (x) => x)
    await t.throwsAsync(flow.next(), {
      code: 'ERR_OPTION',
      message: `lazyParMap: items must be an iterable, an async iterable or a stream, got ${shown}`,
    })
    t.deepEqual(await flow.next(), { done: true, value: undefined })
  }
  const error = new Error('no iterator')
  const throwing = {
    [Symbol.iterator]: () => {
      throw error
    },
  }
  await t.throwsAsync(lazyParMap(throwing as never, async (x) => x).next(), { is: error })
})

test('a rejected promise among the items fails at its turn', async (t) => {
  const items = [Promise.resolve(1), Promise.reject(new RangeError('no')), 3]
  const stopped = await outcome(lazyParMap(items, async (x) => x))
  t.like(stopped, { got: [1], error: { message: 'no' } })
  const again = [Promise.resolve(1), Promise.reject(new RangeError('no')), 3]
  const { got } = await outcome(lazyParMap(again, async (x) => x, { onError: 'return' }))
  t.is(got.length, 3)
  t.is(got[2], 3)
})

test('promises behind a failure never reach the function', async (t) => {
  const seen: number[] = []
  let settle = (_x: number): void => {}
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  const flow = lazyParMap([0, 1, new Promise<number>((resolve) => (settle = resolve))], async (x) => {
    seen.push(x)
    if (x === 1) throw new Error('one')
    await gate
    return x
  })
  const first = flow.next()
  while (seen.length < 2) await turn()
  settle(2)
  await sleep(1)
  open()
  await first
  await t.throwsAsync(flow.next(), { message: 'one' })
  t.deepEqual(seen, [0, 1])
})

test('retries: an item keeps its turn until its last attempt', async (t) => {
  const calls = [0, 0, 0]
  const flow = lazyParMap(
    [0, 1, 2],
    async (x, _i, { attempt }) => {
      calls[x]!++
      if (attempt <= x) throw new Error(`${x}.${attempt}`)
      return `${x}.${attempt}`
    },
    { retries: { times: 2, delay: 1 } },
  )
  t.deepEqual(await outcome(flow), { got: ['0.1', '1.2', '2.3'] })
  t.deepEqual(calls, [1, 2, 3])

  const failing = await outcome(
    lazyParMap(
      [0, 1],
      async (x, _i, { attempt }) => {
        if (x === 1) throw new Error(`${x}.${attempt}`)
        await sleep(5)
        return x
      },
      { retries: 3 },
    ),
  )
  t.like(failing, { got: [0], error: { message: '1.4' } })
  t.is(taskInfo(failing.error)?.attempt, 4)
})

test('nothing is tried again behind a failure', async (t) => {
  let attempts = 0
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  const flow = lazyParMap(
    [0, 1, 2],
    async (x) => {
      if (x === 0) await gate
      if (x === 1) throw new TypeError('final')
      if (x === 2) {
        attempts++
        throw new Error('again')
      }
      return x
    },
    { retries: { times: Infinity, when: (error) => !(error instanceof TypeError) } },
  )
  const first = flow.next()
  await sleep(1)
  open()
  t.deepEqual(await first, { done: false, value: 0 })
  await t.throwsAsync(flow.next(), { message: 'final' })
  t.true(attempts <= 2, `${attempts} attempts`)
})

test('timeout is a failure of its item', async (t) => {
  const flow = lazyParMap(
    [0, 1],
    async (x) => {
      if (x === 1) await sleep(60_000)
      return x
    },
    { timeout: 20, onError: 'return' },
  )
  const { got } = await outcome(flow)
  t.is(got[0], 0)
  t.true(got[1] instanceof TimeoutError)
})

test('onProgress: counts what has ended, reports the end once', async (t) => {
  const reports: unknown[] = []
  const flow = lazyParMap(
    watched(4).items,
    async (x) => {
      if (x === 2) throw new Error('two')
    },
    { onError: 'return', onProgress: (report) => reports.push(report) },
  )
  await outcome(flow)
  t.deepEqual(reports.at(-1), { done: 4, failed: 1, total: 4 })
  t.is(reports.filter((report) => (report as { done: number }).done === 4).length, 1)
})

test('what onProgress throws ends the flow', async (t) => {
  const source = watched(Infinity)
  const error = new Error('from onProgress')
  const flow = lazyParMap(source.items, async (x) => x, {
    onProgress: () => {
      throw error
    },
  })
  await t.throwsAsync(flow.next(), { is: error })
  t.deepEqual(await flow.next(), { done: true, value: undefined })
  t.is(source.closes, 1)
})

test('onProgress may leave the loop', async (t) => {
  const source = watched(Infinity)
  const flow = lazyParMap(source.items, async (x) => x, { onProgress: () => void flow.return() })
  const { got, error } = await outcome(flow)
  t.is(error, undefined)
  t.true(got.length <= 1)
  t.is(source.closes, 1)
})
