// The options of `lazyParMap`: those of `parMap` and `buffer`.

import test from 'ava'

import { createPool, lazyParMap } from 'everycore'
import { normaliseLazyParMap } from '../dist/ts/options/normalise.js'

const refusal = async (options: unknown): Promise<string> =>
  lazyParMap([1], async (x) => x, options as never)
    .next()
    .then(
      () => 'accepted',
      (error: Error & { code?: string }) => `${error.code} ${error.message}`,
    )

test('defaults', (t) => {
  t.like(normaliseLazyParMap(undefined), {
    buffer: 'auto',
    onError: 'stop',
    preserveOrder: true,
    concurrency: undefined,
    chunk: 'auto',
    grace: 100,
    priority: 'normal',
    sequential: false,
  })
  t.is(normaliseLazyParMap({ buffer: 0 }).buffer, Infinity)
  t.is(normaliseLazyParMap({ buffer: 5 }).buffer, 5)
  t.is(normaliseLazyParMap({ onError: undefined }).onError, 'stop')
  t.like(normaliseLazyParMap({ concurrency: 0 }), { sequential: true, concurrency: 1 })
})

test('what is wrong is named, by the first next()', async (t) => {
  for (const [options, message] of [
    [{ buffer: -1 }, "'buffer' must be 'auto', an integer from 0, or Infinity, got -1"],
    [{ buffer: 1.5 }, 'got 1.5'],
    [{ buffer: 'all' }, "got 'all'"],
    [{ buffer: Number.NaN }, 'got NaN'],
    [{ buffer: '5' }, "got '5'"],
    [{ onError: 'collect' }, `'onError' must be "stop" or "return", got 'collect'`],
    [{ backpressure: 5 }, "lazyParMap has no option 'backpressure' (did you mean 'buffer'?)"],
    [{ highWaterMark: 5 }, "(did you mean 'buffer'?)"],
    [{ size: 5 }, "lazyParMap has no option 'size'"],
    [{ concurrency: -1 }, "lazyParMap: option 'concurrency' must be"],
    [5, 'lazyParMap: options must be an object, got 5'],
  ] as const) {
    const said = await refusal(options)
    t.true(said.startsWith('ERR_OPTION ') && said.includes(message), said)
  }
})

test('what is no function is refused', async (t) => {
  for (const wrong of [undefined, null, 5, 'fn', {}]) {
    await t.throwsAsync(lazyParMap([1], wrong as never).next(), {
      code: 'ERR_OPTION',
      message: /^lazyParMap: fn must be a function, got /,
    })
  }
})

test('options may change after the call', async (t) => {
  const options = { use: { k: 2 }, buffer: 2 }
  const flow = lazyParMap([1], async (x, _i, { use }) => x * use.k, options)
  options.buffer = -1
  t.deepEqual(await flow.next(), { done: false, value: 2 })
})

test('the pool option, and the method', async (t) => {
  await using pool = createPool({ workers: 1, env: { ...process.env, WHERE: 'here' } })
  const where = (): string | undefined => process.env['WHERE']
  t.deepEqual(await pool.lazyParMap([1], where).next(), { done: false, value: 'here' })
  t.deepEqual(await lazyParMap([1], where, { pool }).next(), { done: false, value: 'here' })
})
