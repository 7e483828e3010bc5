// Whatever is wrong with a call rejects it, with an error that names the option, its value and what is allowed; a verb never throws.

import test from 'ava'

import { createPool, defaultPool, parMap, run, zip } from 'everycore'

const double = (x: number): number => x * 2

for (const [options, message] of [
  [{ concurency: 2 }, "parMap has no option 'concurency' (did you mean 'concurrency'?)"],
  [{ concurrency: -1 }, "parMap: option 'concurrency' must be an integer from 0 to 1,000,000 or Infinity, got -1"],
  [{ concurrency: NaN }, "parMap: option 'concurrency' must be an integer from 0 to 1,000,000 or Infinity, got NaN"],
  [{ concurrency: 1.5 }, "parMap: option 'concurrency' must be an integer from 0 to 1,000,000 or Infinity, got 1.5"],
  [
    { concurrency: 1e9 },
    "parMap: option 'concurrency' must be an integer from 0 to 1,000,000 or Infinity, got 1000000000",
  ],
  [{ concurrency: '4' }, "parMap: option 'concurrency' must be an integer from 0 to 1,000,000 or Infinity, got '4'"],
  [{ onError: 'ignore' }, `parMap: option 'onError' must be "collect", "stop" or "return", got 'ignore'`],
  [{ preserveOrder: 1 }, "parMap: option 'preserveOrder' must be true or false, got 1"],
  [{ chunk: 0 }, "parMap: option 'chunk' must be 'auto' or an integer from 1 to 1,000,000, got 0"],
  [{ timeout: 0 }, "parMap: option 'timeout' must be milliseconds above 0, at most 2,147,483,647, got 0"],
  [{ timeout: Infinity }, "parMap: option 'timeout' must be milliseconds above 0, at most 2,147,483,647, got Infinity"],
  [{ grace: -1 }, "parMap: option 'grace' must be milliseconds from 0, at most 2,147,483,647, got -1"],
  [
    { retries: -1 },
    "parMap: option 'retries' must be an integer from 0 to 1,000,000, Infinity, or { times, delay, when }, got -1",
  ],
  [{ retries: { times: 1, delai: 2 } }, "parMap: option 'retries' has no 'delai' (did you mean 'delay'?)"],
  [{ signal: {} }, "parMap: option 'signal' must be an AbortSignal, got {}"],
  [{ priority: 'urgent' }, `parMap: option 'priority' must be "high", "normal" or "low", got 'urgent'`],
  [{ use: 7 }, "parMap: option 'use' must be an object, got 7"],
  [{ use: [] }, "parMap: option 'use' must be an object, got []"],
  [{ metadata: null }, "parMap: option 'metadata' must be an object, got null"],
  [{ name: '' }, "parMap: option 'name' must be a string that is not empty, got ''"],
  [{ on: 'gpu' }, `parMap: option 'on' must be "caller" or "workers", got 'gpu'`],
  [{ pool: {} }, "parMap: option 'pool' must be a pool from createPool(), got {}"],
  [{ onProgress: true }, "parMap: option 'onProgress' must be a function, got true"],
  [7, 'parMap: options must be an object, got 7'],
  [null, 'parMap: options must be an object, got null'],
  [[], 'parMap: options must be an object, got []'],
] as const) {
  test(String(message), async (t) => {
    await t.throwsAsync(parMap([1], double, options as never), { code: 'ERR_OPTION', message })
  })
}

for (const [options, message] of [
  [{ queueTimeout: 0 }, "run: option 'queueTimeout' must be milliseconds above 0, at most 2,147,483,647, got 0"],
  [{ transfer: {} }, /^run: option 'transfer' must be an array of ArrayBuffers/],
  [
    { transfer: [new Uint8Array(1)] },
    /^run: option 'transfer\[0\]' must be an array of ArrayBuffers \(of a view: its \.buffer\), got Uint8Array/,
  ],
  [{ concurrency: 2 }, /^run has no option 'concurrency'/],
  [{ pool: 7 }, "run: option 'pool' must be a pool from createPool(), got 7"],
  [[], 'run: options must be an object, got []'],
] as const) {
  test(String(message), async (t) => {
    await t.throwsAsync(run(double, [1], options as never), { code: 'ERR_OPTION', message })
    await t.throwsAsync(defaultPool.run(double, [1], { ...(options as object), timeout: -1 } as never), {
      code: 'ERR_OPTION',
    })
  })
}

test('what is no function', async (t) => {
  for (const [wrong, shown] of [
    [undefined, 'undefined'],
    [null, 'null'],
    [7, '7'],
    ['x => x', '"x => x"'],
    [{}, 'an object'],
    [[1], 'an array of 1'],
  ]) {
    await t.throwsAsync(parMap([1], wrong as never), {
      code: 'ERR_OPTION',
      message: `parMap: fn must be a function, got ${shown}`,
    })
    await t.throwsAsync(run(wrong as never), {
      code: 'ERR_OPTION',
      message: `run: fn must be a function, got ${shown}`,
    })
  }
})

test('what is no iterable, no list of arguments', async (t) => {
  for (const wrong of [undefined, null, 7, {}, () => 1, Symbol('s'), true]) {
    await t.throwsAsync(parMap(wrong as never, double), {
      code: 'ERR_OPTION',
      message: /^parMap: items must be .*iterable/,
    })
  }
  for (const wrong of [null, 7, 'abc', {}, new Set([1])]) {
    await t.throwsAsync(run(double as never, wrong as never), {
      code: 'ERR_OPTION',
      message: /^run: args must be an array of the function's arguments, got /,
    })
  }
  t.notThrows(() => parMap(undefined as never, double).settled())
  t.throws(() => zip(7 as never, [1]), { code: 'ERR_OPTION' })
})

test('getters and proxies that throw', async (t) => {
  const broken = {
    get concurrency(): number {
      throw new Error('gotcha')
    },
  }
  const error = await t.throwsAsync(parMap([1], double, broken), {
    code: 'ERR_OPTION',
    message: "parMap: option 'concurrency' could not be read",
  })
  t.is((error.cause as Error).message, 'gotcha')
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  const own = createPool({ workers: 1 })
  await t.throwsAsync(own.parMap([1], double, broken), {
    code: 'ERR_OPTION',
    message: "parMap: option 'concurrency' could not be read",
  })
  await t.throwsAsync(own.parMap([1], double, proxy), { code: 'ERR_OPTION' })
  await t.throwsAsync(own.native.sum(new Float64Array(1), proxy), { code: 'ERR_OPTION' })
  const inherited = Object.create({ name: 'inherited', timeout: -1 }) as object
  await t.throwsAsync(own.parMap([1], double, inherited), { message: /^parMap: option 'timeout' must be/ })
  await t.throwsAsync(own.parMap([1], double, Object.freeze({ nmae: 'x' }) as never), {
    message: /no option 'nmae'/,
  })
  await own.close()
  await t.throwsAsync(parMap([1], double, proxy), { code: 'ERR_OPTION' })
  await t.throwsAsync(run(double, [1], proxy), { code: 'ERR_OPTION' })
})

test("options of a pool's own verbs are read with the same care", async (t) => {
  await using pool = createPool({ workers: 1 })
  await using other = createPool({ workers: 1 })
  const broken = {
    get timeout(): number {
      throw new Error('gotcha')
    },
  }
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  for (const [options, message] of [
    [broken, /option 'timeout' could not be read|parSort has no option 'timeout'/],
    [proxy, /options could not be read/],
    [[], /options must be an object, got \[\]/],
    [null, /options must be an object, got null/],
    ['fast', /options must be an object, got 'fast'/],
    [Object.create({ signal: 7 }), /option 'signal' must be an AbortSignal, got 7/],
    [{ pool: 7 }, /option 'pool' must be a pool from createPool\(\), got 7/],
    [{ pool: other }, /option 'pool' must be left out where a pool's own verb is called, got another pool/],
  ] as [never, RegExp][]) {
    for (const call of [
      () => pool.run(double, [1], options),
      () => pool.parMap([1], double, options),
      () => pool.lazyParMap([1], double, options).next(),
      () => pool.batch([1], double as never, options),
      () => pool.par([double], [1], options),
      () => pool.parSort([1], options),
      () => pool.native.sum(new Float64Array(1), options),
    ] as (() => Promise<unknown>)[]) {
      const error = (await call().then(
        () => t.fail(`${String(message)} was not told`),
        (reason: unknown) => reason,
      )) as Error
      if (!/native.sum has no option/.test(error.message)) t.regex(error.message, message)
    }
  }
  t.is(await pool.run(double, [2], { pool }), 4)
  const inherited = Object.create({ concurrency: 0 }) as object
  t.is(pool.parMap([1], double, inherited).lane, 'caller')
})

test('closed pools and aborted signals', async (t) => {
  const pool = createPool({ workers: 1, name: 'gone' })
  await pool.close()
  for (const job of [
    pool.run(double, [1]),
    pool.parMap([1], double),
    run(double, [1], { pool }),
    parMap([1], double, { pool }),
  ]) {
    await t.throwsAsync(job as Promise<unknown>, { code: 'ERR_CLOSED', message: "pool 'gone' is closed" })
  }
  const reason = { any: 'reason' }
  for (const options of [
    { signal: AbortSignal.abort(reason) },
    { signal: AbortSignal.abort(reason), on: 'caller' as const },
  ]) {
    t.is(await run(double, [1], options).catch((one: unknown) => one), reason)
    t.is(await parMap([1], double, options).catch((one: unknown) => one), reason)
  }
})
