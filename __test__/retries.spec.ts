// Failed attempts are repeated as often, as late and for such errors as the options say.

import test from 'ava'

import { parMap, ParallelError } from 'everycore'
import { sleep } from './fixtures/watched.ts'

/** Fails until the given attempt. */
const from =
  (good: number) =>
  async (x: number, _i: number, { attempt }: { attempt: number }): Promise<string> => {
    if (attempt < good) throw new Error(`attempt ${attempt}`)
    return `${x} at ${attempt}`
  }

test('an item is tried again, with its attempt counted', async (t) => {
  t.deepEqual(await parMap([1, 2], from(3), { retries: 2 }), ['1 at 3', '2 at 3'])
})

test('when they are used up, the last error stands', async (t) => {
  const error = (await t.throwsAsync(parMap([1], from(5), { retries: 2 }))) as ParallelError
  t.is(error.errors[0].message, 'attempt 3')
  t.is(error.failures[0]!.attempt, 3)
})

test('without retries an item runs once', async (t) => {
  let calls = 0
  await t.throwsAsync(
    parMap([1], async () => {
      calls++
      throw new Error('no')
    }),
  )
  t.is(calls, 1)
})

test('delay: a number, or a function of the attempt that failed', async (t) => {
  const asked: number[] = []
  const before = performance.now()
  await parMap([1], from(3), {
    retries: {
      times: 5,
      delay: (attempt) => {
        asked.push(attempt)
        return attempt * 20
      },
    },
  })
  t.deepEqual(asked, [1, 2])
  t.true(performance.now() - before >= 55)
})

test('an item that waits for its next attempt keeps its place in concurrency', async (t) => {
  let running = 0
  let most = 0
  const seen = new Set<number>()
  await parMap(
    [1, 2, 3, 4, 5, 6],
    async (x, _i, { attempt }) => {
      seen.add(x)
      running++
      most = Math.max(most, running)
      await sleep(1)
      running--
      if (attempt === 1) {
        t.true(seen.size <= 2 || x > 2)
        throw new Error('again')
      }
    },
    { concurrency: 2, retries: { times: 1, delay: 20 } },
  )
  t.true(most <= 2)
})

test('when: only errors that are worth it', async (t) => {
  const calls = [0, 0]
  const outcomes = await parMap(
    [0, 1],
    async (x) => {
      calls[x]!++
      throw x ? new RangeError('transient') : new TypeError('for good')
    },
    { retries: { times: 3, when: (error) => error instanceof RangeError } },
  ).settled()
  t.deepEqual(calls, [1, 4])
  t.deepEqual(
    outcomes.map((one) => one.status),
    ['rejected', 'rejected'],
  )
})

test("a throw in when or delay is the item's failure", async (t) => {
  const broken = new Error('in when')
  const [first] = await parMap([1], from(9), {
    onError: 'return',
    retries: {
      times: 3,
      when: () => {
        throw broken
      },
    },
  })
  t.is(first, broken as never)
  const [second] = await parMap([1], from(9), {
    onError: 'return',
    retries: {
      times: 3,
      delay: () => {
        throw broken
      },
    },
  })
  t.is(second, broken as never)
})

test('nonsense from when and delay is told, not obeyed', async (t) => {
  const [promise] = await parMap([1], from(9), {
    onError: 'return',
    retries: { times: 3, when: (async () => false) as never },
  })
  t.like(promise, {
    code: 'ERR_OPTION',
    message: "option 'retries.when' must return true or false at once, got an object",
  })
  for (const wait of [-1, NaN, Infinity, '5']) {
    const [error] = await parMap([1], from(9), {
      onError: 'return',
      retries: { times: 3, delay: () => wait as number },
    })
    t.like(error, { code: 'ERR_OPTION' })
  }
})

test('a sync function that fails a hundred thousand times holds neither stack nor thread', async (t) => {
  let calls = 0
  let turns = 0
  const ticker = setInterval(() => turns++, 1)
  t.deepEqual(
    await parMap(
      [1],
      () => {
        if (++calls < 1e5) throw 0
        return calls
      },
      { on: 'caller', retries: Infinity },
    ),
    [1e5],
  )
  clearInterval(ticker)
  t.true(turns > 0)
})

test('what never reached the function is not repeated', async (t) => {
  let calls = 0
  const outcomes = await parMap(
    [Promise.reject(new Error('item'))],
    async () => {
      calls++
    },
    { retries: 5 },
  ).settled()
  t.is(calls, 0)
  t.like(outcomes, [{ status: 'rejected', reason: { message: 'item' } }])
})

test("with 'stop' the first failure for good ends the job", async (t) => {
  await t.throwsAsync(
    parMap(
      [1, 2],
      async (x, _i, { attempt }) => {
        if (x === 1) {
          await sleep(2000)
          return
        }
        throw new Error(`attempt ${attempt}`)
      },
      { retries: { times: 2, delay: 5 }, onError: 'stop' },
    ),
    { message: 'attempt 3' },
  )
})

test('a cancelled job does not wait for delays, nor try again', async (t) => {
  let calls = 0
  const job = parMap(
    [1],
    async () => {
      calls++
      throw new Error('no')
    },
    { retries: { times: 5, delay: 30 } },
  )
  await sleep(10)
  job.cancel()
  await t.throwsAsync(job, { code: 'ERR_CANCELLED' })
  await sleep(60)
  t.is(calls, 1)
})

test('a job that `when` cancels leaves no timer behind', async (t) => {
  let calls = 0
  const job = parMap(
    [1],
    async () => {
      calls++
      throw new Error('no')
    },
    {
      retries: {
        times: 5,
        delay: 10,
        when: () => {
          job.cancel()
          return true
        },
      },
    },
  )
  await t.throwsAsync(job, { code: 'ERR_CANCELLED' })
  await sleep(40)
  t.is(calls, 1)
})
