// What a map gives: results in order or as they complete, and what becomes of failures.

import test from 'ava'

import { parMap, ParallelError, TaskError, taskInfo } from 'everycore'
import { inOrder, never } from './fixtures/gate.ts'

/** Of the items 1, 2 and 3 the last ends first. */
const backwards = (): ((x: number) => Promise<number>) => {
  const turn = inOrder(3)
  return async (x) => {
    await turn(3 - x)
    return x
  }
}
const even = async (x: number): Promise<number> => {
  if (x % 2) throw new RangeError(`odd: ${x}`)
  return x
}

test('results come in the order of the items, whatever finishes first', async (t) => {
  t.deepEqual(await parMap([1, 2, 3], backwards()), [1, 2, 3])
})

test('preserveOrder: false gives them as they complete', async (t) => {
  t.deepEqual(await parMap([1, 2, 3], backwards(), { preserveOrder: false }), [3, 2, 1])
})

test("onError 'collect' runs every item, then tells all failures", async (t) => {
  const error = await t.throwsAsync(parMap([0, 1, 2, 3], even), { instanceOf: ParallelError, code: 'ERR_PARALLEL' })
  const parallel = error as ParallelError<number[]>
  t.is(parallel.message, '2 of 4 items failed; first (item 1): RangeError: odd: 1')
  t.is(parallel.cause, parallel.errors[0])
  t.deepEqual(
    parallel.failures.map(({ index, attempt }) => [index, attempt]),
    [
      [1, 1],
      [3, 1],
    ],
  )
  t.is(parallel.results.length, 4)
  t.deepEqual(Object.keys(parallel.results), ['0', '2'])
})

test('failures are told in the order of the items', async (t) => {
  const ends = backwards()
  const error = await t.throwsAsync(
    parMap([1, 2, 3], async (x) => {
      await ends(x)
      throw new Error(String(x))
    }),
    { instanceOf: ParallelError },
  )
  t.deepEqual(
    (error as ParallelError).errors.map((one: Error) => one.message),
    ['1', '2', '3'],
  )
})

test('the stack of a ParallelError leads to the call of the map', async (t) => {
  const error = await t.throwsAsync(parMap([1], even))
  t.regex(error!.stack!, /^ParallelError: 1 of 1 item failed.*\n\s+at .*map-results\.spec/)
})

test("onError 'stop' rejects with the first failure itself and starts nothing more", async (t) => {
  const started: number[] = []
  const failure = new Error('third')
  const job = parMap(
    [1, 2, 3, 4, 5],
    async (x) => {
      started.push(x)
      if (x === 3) throw failure
      return x
    },
    { onError: 'stop', concurrency: 1 },
  )
  t.is(await t.throwsAsync(job), failure)
  t.deepEqual(started, [1, 2, 3])
  t.is(job.state, 'failed')
})

test("onError 'stop' does not wait for the rest, and aborts it", async (t) => {
  let reason: unknown
  const failure = new Error('now')
  await t.throwsAsync(
    parMap(
      [1, 2],
      async (x, _i, { signal }) => {
        if (x === 2) throw failure
        signal.addEventListener('abort', () => {
          reason = signal.reason
        })
        await never()
      },
      { onError: 'stop' },
    ),
    { message: 'now' },
  )
  t.is(reason, failure)
})

test("onError 'return' puts errors in their places", async (t) => {
  const results = await parMap([0, 1, 2], even, { onError: 'return' })
  t.is(results[0], 0)
  t.true(results[1] instanceof RangeError)
  t.is(results[2], 2)
})

test('failures as they complete: a hole, or the error, in the place of completion', async (t) => {
  const late = (): ((x: number) => Promise<number>) => {
    const ends = backwards()
    return async (x) => even(await ends(x))
  }
  const returned = await parMap([1, 2, 3], late(), { preserveOrder: false, onError: 'return' })
  t.deepEqual(
    returned.map((one) => (one instanceof Error ? one.message : one)),
    ['odd: 3', 2, 'odd: 1'],
  )
  const error = (await t.throwsAsync(parMap([1, 2, 3], late(), { preserveOrder: false }))) as ParallelError
  t.deepEqual(Object.entries(error.results), [['1', 2]])
  t.is(error.results.length, 3)
})

test('what is no error comes in a TaskError', async (t) => {
  for (const thrown of ['text', null, undefined, 0, Symbol('s'), () => 1]) {
    const [error] = await parMap(
      [1],
      async () => {
        throw thrown
      },
      { onError: 'return' },
    )
    t.true(error instanceof TaskError)
    t.is((error as Error).cause, thrown)
  }
})

test('taskInfo tells of the run', async (t) => {
  const [error] = await parMap([1, 2].slice(1), even.bind(null, 1), {
    onError: 'return',
    name: 'evens',
    metadata: { tenant: 7 },
    retries: 1,
  })
  const info = taskInfo(error)
  t.like(info, { name: 'evens', index: 0, attempt: 2, worker: null, metadata: { tenant: 7 } })
  t.regex(info!.id, /^\d+$/)
  t.true(info!.ranMs >= 0 && info!.queuedMs >= 0)
})

test('undefined, null and functions are results like others', async (t) => {
  const give = (): number => 1
  t.deepEqual(await parMap([undefined, null, give], async (x) => x), [undefined, null, give])
})

test('a thenable that a function gives is awaited', async (t) => {
  const five = { then: (use: (x: number) => void) => use(5) } as PromiseLike<number>
  t.deepEqual(await parMap([1], async () => five), [5])
  t.deepEqual(await parMap([1], () => five, { on: 'caller' }), [5])
  await t.throwsAsync(
    parMap(
      [1],
      (() => ({
        get then() {
          throw new Error('looked')
        },
      })) as never,
      { on: 'caller', onError: 'stop' },
    ),
    { message: 'looked' },
  )
})
