// What a map may be given: every kind of source, lazily pulled, closed once when it is left early.

import { PassThrough, Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'
import vm from 'node:vm'

import test from 'ava'

import { parMap } from 'everycore'
import { never } from './fixtures/gate.ts'
import { sleep, watched, watchedLater } from './fixtures/watched.ts'

const double = async (x: number): Promise<number> => x * 2

test('arrays, sets, maps, strings, generators', async (t) => {
  t.deepEqual(await parMap([1, 2, 3], double), [2, 4, 6])
  t.deepEqual(await parMap(new Set([1, 2]), double), [2, 4])
  t.deepEqual(await parMap(new Map([['a', 1]]), async ([key, value]) => key + value), ['a1'])
  t.deepEqual(await parMap('añ😀', async (char) => char), ['a', 'ñ', '😀'])
  t.deepEqual(
    await parMap(
      (function* () {
        yield 1
        yield 2
      })(),
      double,
    ),
    [2, 4],
  )
  t.deepEqual(await parMap(vm.runInNewContext('[1, 2]') as number[], double), [2, 4])
})

test('async generators, Node and Web streams', async (t) => {
  t.deepEqual(
    await parMap(
      (async function* () {
        yield 1
        yield 2
      })(),
      double,
    ),
    [2, 4],
  )
  t.deepEqual(await parMap(Readable.from([1, 2, 3]), double), [2, 4, 6])
  t.deepEqual(await parMap(ReadableStream.from([1, 2, 3]) as ReadableStream<number>, double), [2, 4, 6])
})

test('an async iterator is preferred to a sync one, as for await does', async (t) => {
  const both = {
    [Symbol.iterator]: () => [1].values(),
    async *[Symbol.asyncIterator]() {
      yield 2
    },
  }
  t.deepEqual(await parMap(both as AsyncIterable<number>, double), [4])
})

test('an async iterator that answers without a promise', async (t) => {
  let n = 0
  const hasty = { [Symbol.asyncIterator]: () => ({ next: () => ({ done: n === 3, value: n++ }) }) }
  t.deepEqual(await parMap(hasty as unknown as AsyncIterable<number>, double), [0, 2, 4])
})

test('empty sources', async (t) => {
  for (const empty of [
    [],
    new Set<number>(),
    '',
    (async function* (): AsyncGenerator<number> {})(),
    Readable.from([]),
  ]) {
    t.deepEqual(await parMap(empty as Iterable<number>, double), [])
  }
})

test('holes are undefined items', async (t) => {
  t.deepEqual(await parMap([1, , 3] as number[], async (x, i) => [x, i]), [
    [1, 0],
    [undefined, 1],
    [3, 2],
  ])
})

test('promises among the items are awaited, in their places', async (t) => {
  const late = sleep(20).then(() => 1)
  const four = { then: (use: (x: number) => void) => use(4) } as PromiseLike<number>
  t.deepEqual(await parMap([late, 2, Promise.resolve(3), four], double), [2, 4, 6, 8])
})

test('a rejected promise fails its item alone, and does not reach the function', async (t) => {
  const seen: number[] = []
  const job = parMap([Promise.resolve(1), Promise.reject(new RangeError('no')), 3], async (x) => {
    seen.push(x)
    return x
  })
  const outcomes = await job.settled()
  t.deepEqual(
    outcomes.map((outcome) => outcome.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  t.deepEqual(seen.toSorted(), [1, 3])
  await t.throwsAsync(job, { message: /1 of 3 items failed; first \(item 1\): RangeError: no/ })
})

test('a promise that rejects long before its turn is no unhandled rejection', async (t) => {
  const items = Array.from({ length: 100 }, async (_, at) => {
    if (at === 90) throw new Error('early')
    return at
  })
  const outcomes = await parMap(
    items,
    async (x) => {
      await sleep(2)
      return x
    },
    { concurrency: 4 },
  ).settled()
  t.is(outcomes[90]?.status, 'rejected')
})

test('a `then` that throws when looked at fails its item', async (t) => {
  const bad = {
    get then() {
      throw new Error('looked')
    },
  }
  const outcomes = await parMap([1, bad], async (x) => x).settled()
  t.like(outcomes[1], { status: 'rejected', reason: { message: 'looked' } })
})

test('a source is pulled only as there is room', async (t) => {
  for (const source of [watched(1000), watchedLater(1000)]) {
    let most = 0
    let done = 0
    await parMap(
      source.items as Iterable<number>,
      async () => {
        most = Math.max(most, source.pulls - done)
        await sleep(0)
        done++
      },
      { concurrency: 5 },
    )
    t.true(most <= 5, `${most} items were pulled ahead`)
    t.is(source.closes, 0, 'a source that ended by itself is not closed')
  }
})

test('a source that is left early is closed once', async (t) => {
  for (const make of [watched, watchedLater]) {
    const source = make(Infinity)
    await t.throwsAsync(
      parMap(
        source.items as Iterable<number>,
        async (x) => {
          if (x === 10) throw new Error('enough')
        },
        { onError: 'stop' },
      ),
      { message: 'enough' },
    )
    await sleep(5)
    t.is(source.closes, 1)
    t.true(source.pulls < 200)
  }
})

test('a source that throws ends the job with its own error and is not closed', async (t) => {
  for (const make of [watched, watchedLater]) {
    const error = new TypeError('source broke')
    const source = make(100, 50, error)
    const aborted: unknown[] = []
    const thrown = await t.throwsAsync(
      parMap(source.items as Iterable<number>, async (x, _i, { signal }) => {
        if (x < 49) return
        signal.addEventListener('abort', () => aborted.push(signal.reason))
        await never()
      }),
    )
    t.is(thrown, error)
    t.is(source.closes, 0)
    t.deepEqual(aborted, [error])
  }
})

test('what a source throws comes as it is, even null', async (t) => {
  const source = watched(5, 2, null)
  const job = parMap(source.items, never)
  t.deepEqual(
    await job.then(
      () => 'fine',
      (reason) => [reason],
    ),
    [null],
  )
  t.deepEqual(await job.settled(), [
    { status: 'rejected', reason: null },
    { status: 'rejected', reason: null },
    { status: 'rejected', reason: null },
  ])
})

test('an iterator whose steps are no objects', async (t) => {
  const odd = { [Symbol.iterator]: () => ({ next: () => 5 }) }
  const oddLater = { [Symbol.asyncIterator]: () => ({ next: async () => null }) }
  await t.throwsAsync(parMap(odd as unknown as Iterable<number>, double), { instanceOf: TypeError })
  await t.throwsAsync(parMap(oddLater as unknown as AsyncIterable<number>, double), { instanceOf: TypeError })
})

test('a throwing `return` does not hide why the job ended', async (t) => {
  const source = {
    [Symbol.iterator]: () => ({
      next: () => ({ done: false, value: 1 }),
      return() {
        throw new Error('from return')
      },
    }),
  }
  await t.throwsAsync(
    parMap(
      source as Iterable<number>,
      async () => {
        throw new Error('from the function')
      },
      { onError: 'stop' },
    ),
    { message: 'from the function' },
  )
})

test('a generator that cancels its own job is closed all the same', async (t) => {
  let closed = 0
  let cancel = (): void => {}
  const job = parMap(
    (function* (): Generator<number> {
      try {
        yield 1
        cancel()
        yield 2
      } finally {
        closed++
      }
    })(),
    double,
  )
  cancel = () => job.cancel()
  await t.throwsAsync(job, { name: 'AbortError' })
  await sleep(1)
  t.is(closed, 1)
})

test('a stream that waits for data is let go at once', async (t) => {
  const node = new PassThrough({ objectMode: true })
  const nodeJob = parMap(node, double)
  await sleep(5)
  nodeJob.cancel()
  await t.throwsAsync(nodeJob, { code: 'ERR_CANCELLED' })
  await sleep(5)
  t.true(node.destroyed)

  let cancelled = 0
  const web = new ReadableStream<number>({ cancel: () => void cancelled++ })
  const webJob = parMap(web, double)
  await sleep(5)
  webJob.cancel()
  await t.throwsAsync(webJob, { code: 'ERR_CANCELLED' })
  await sleep(5)
  t.is(cancelled, 1)
  t.false(web.locked)
})

test('what is not iterable is refused', async (t) => {
  for (const [items, shown] of [
    [5, '5'],
    [null, 'null'],
    [undefined, 'undefined'],
    [{}, 'an object'],
    [() => 1, 'a function without a name'],
    [Promise.resolve([1]), 'a Promise: await it first'],
    [Symbol('x'), 'the symbol Symbol(x)'],
  ] as const) {
    const error = await t.throwsAsync(parMap(items as never, double), { code: 'ERR_OPTION' })
    t.is(error?.message, `parMap: items must be an iterable, an async iterable or a stream, got ${shown}`)
  }
})

test('a million items, in slices, without recursion', async (t) => {
  let turns = 0
  const ticker = setInterval(() => turns++, 1)
  const results = await parMap(
    {
      *[Symbol.iterator]() {
        for (let i = 0; i < 1e6; i++) yield i
      },
    },
    async (x) => x + 1,
  )
  clearInterval(ticker)
  t.is(results.length, 1e6)
  t.is(results[999_999], 1e6)
  t.true(turns > 5, `the event loop turned ${turns} times`)
})

test('a promise that an array gets meanwhile may reject before its turn', async (t) => {
  const early = new RangeError('early')
  const unhandled: unknown[] = []
  const note = (reason: unknown): number => unhandled.push(reason)
  process.on('unhandledRejection', note)
  const items: unknown[] = [Promise.resolve(0), 1, 2]
  const slow = async (item: unknown, index: number): Promise<unknown> => {
    if (index === 0) items.push(sleep(30).then(() => Promise.reject(early)))
    await sleep(20)
    return item
  }
  const results = await parMap(items, slow, { concurrency: 1, onError: 'return' })
  process.off('unhandledRejection', note)
  t.deepEqual(results, [0, 1, 2, early])
  t.false(unhandled.includes(early))
})
