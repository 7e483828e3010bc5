// Maps over typed arrays in workers: elements are read where they stand, announced by stretches and told of by spans, and nobody can see it.

import { createRequire } from 'node:module'

import test from 'ava'

import { createPool, parMap, ParallelError, shutdown, workerModule } from 'everycore'
import type { Progress } from 'everycore'

const on = 'workers'

const kinds = [
  ...[Int8Array, Uint8Array, Uint8ClampedArray, Int16Array, Uint16Array, Int32Array, Uint32Array],
  ...[Float32Array, Float64Array],
]

const memories = {
  ordinary: (length: number) => new Float64Array(length),
  shared: (length: number) => new Float64Array(new SharedArrayBuffer(length * 8)),
}

test.after.always(() => shutdown())

test('every kind, from none to more than all blocks hold', async (t) => {
  for (const Kind of kinds) {
    for (const length of [0, 1, 7, 1000, 70_003]) {
      for (const memory of [ArrayBuffer, SharedArrayBuffer]) {
        const items = new Kind(new memory(length * Kind.BYTES_PER_ELEMENT) as ArrayBuffer)
        for (let i = 0; i < length; i++) items[i] = i
        const results = await parMap(items, (x) => x * 2)
        t.is(results.constructor, Kind)
        t.true(results.buffer instanceof memory)
        t.deepEqual(results, new Kind(items).map((x) => x * 2) as typeof results)
      }
    }
  }
  const length = 5_000_000
  const many = new Uint8Array(length).fill(3)
  t.deepEqual(await parMap(many, (x) => x + 1), new Uint8Array(length).fill(4))
})

test('big ones', async (t) => {
  for (const Kind of [BigInt64Array, BigUint64Array]) {
    const items = new Kind(1000).map((_, i) => BigInt(i)) as BigInt64Array
    t.deepEqual(
      await parMap(items, (x) => x * 2n),
      items.map((x) => x * 2n),
    )
  }
})

for (const [where, make] of Object.entries(memories)) {
  const rising = (length: number): Float64Array => fill(make(length))

  test(`${where}: errors are their items' own`, async (t) => {
    const error = (await t.throwsAsync(
      parMap(rising(50_000), (x) => {
        if (x % 1000 === 999) throw new RangeError(`no ${x}`)
        return x + 0.5
      }),
      { instanceOf: ParallelError },
    )) as ParallelError<Float64Array>
    t.deepEqual(
      error.failures.map(({ index }) => index),
      Array.from({ length: 50 }, (_, i) => i * 1000 + 999),
    )
    t.is(error.errors[3]?.message, 'no 3999')
    t.false(error.errors[3]?.stack?.includes('elements.js'))
    const expected = new Float64Array(50_000).map((_, i) => (i % 1000 === 999 ? 0 : i + 0.5))
    t.deepEqual(new Float64Array(error.results), expected)
  })

  test(`${where}: what is no number fails its item`, async (t) => {
    const odd = (x: number): unknown =>
      x === 3
        ? 'three'
        : x === 4
          ? null
          : x === 5
            ? {
                get then() {
                  throw new Error('then')
                },
              }
            : x
    const error = (await t.throwsAsync(parMap(rising(8), odd as never))) as ParallelError<Float64Array>
    t.deepEqual(
      error.errors.map(({ message }) => message),
      [
        'The result for an item of a Float64Array must be a number, got string',
        'The result for an item of a Float64Array must be a number, got null',
        'then',
      ],
    )
    t.deepEqual([...error.results], [0, 1, 2, 0, 0, 0, 6, 7])
  })

  test(`${where}: functions that await, some of the time or always, one at a time or many`, async (t) => {
    const doubled = fill(new Float64Array(600)).map((x) => x * 2)
    const sometimes = (x: number): number =>
      (x % 100 === 5 ? new Promise((resolve) => setTimeout(resolve, 1, x * 2)) : x * 2) as number
    const always = async (x: number): Promise<number> => {
      await null
      return x * 2
    }
    t.deepEqual(new Float64Array(await parMap(rising(600), sometimes, { on })), doubled)
    t.deepEqual(new Float64Array(await parMap(rising(600), always, { on })), doubled)
    t.deepEqual(new Float64Array(await parMap(rising(600), sometimes, { on, concurrency: 20 })), doubled)
    t.deepEqual(new Float64Array(await parMap(rising(600), always, { on, concurrency: 20 })), doubled)
  })

  test(`${where}: retries`, async (t) => {
    const results = await parMap(
      rising(3000),
      (x, _, { attempt }) => {
        if (x % 10 === 3 && attempt < 3) throw new Error('again')
        return x + attempt
      },
      { retries: 3 },
    )
    t.deepEqual(
      new Float64Array(results),
      fill(new Float64Array(3000)).map((x) => x + (x % 10 === 3 ? 3 : 1)),
    )
  })

  test(`${where}: a timeout ends its item alone`, async (t) => {
    const error = (await t.throwsAsync(
      parMap(
        rising(2000),
        (x) => {
          if (x === 777) for (;;);
          return x
        },
        { timeout: 1000 },
      ),
    )) as ParallelError<Float64Array>
    t.deepEqual(
      error.failures.map(({ index, error: cause }) => ({ index, name: (cause as Error).name })),
      [{ index: 777, name: 'TimeoutError' }],
    )
    t.deepEqual(
      new Float64Array(error.results),
      fill(new Float64Array(2000)).map((x) => (x === 777 ? 0 : x)),
    )
  })

  test(`${where}: a worker's death fails the item that ran, and starts no other twice`, async (t) => {
    const starts = new Int32Array(new SharedArrayBuffer(4 * 50_000))
    const error = (await t.throwsAsync(
      parMap(
        rising(50_000),
        (x, i, { use }) => {
          Atomics.add(use.starts, i, 1)
          if (x % 10_000 === 4321) process.exit(3)
          return x + 1
        },
        { use: { starts } },
      ),
    )) as ParallelError<Float64Array>
    t.deepEqual(
      error.failures.map(({ index }) => index),
      [4321, 14_321, 24_321, 34_321, 44_321],
    )
    t.true(starts.every((times) => times === 1))
    const expected = fill(new Float64Array(50_000)).map((x) => (x % 10_000 === 4321 ? 0 : x + 1))
    t.deepEqual(new Float64Array(error.results), expected)
  })

  test(`${where}: a worker's death, and another attempt`, async (t) => {
    const results = await parMap(
      rising(20_000),
      (x, _, { attempt }) => {
        if (x % 10_000 === 4321 && attempt === 1) process.exit(3)
        return x + attempt
      },
      { retries: 1 },
    )
    t.deepEqual(
      new Float64Array(results),
      fill(new Float64Array(20_000)).map((x) => x + (x % 10_000 === 4321 ? 2 : 1)),
    )
  })

  test(`${where}: 'stop' and a signal end what runs, and the pool goes on`, async (t) => {
    const stop = parMap(
      rising(200_000),
      (x) => {
        if (x === 1234) throw new Error('stop it')
        return x
      },
      { onError: 'stop' },
    )
    await t.throwsAsync(stop, { message: 'stop it' })
    const begun = new Int32Array(new SharedArrayBuffer(4))
    const controller = new AbortController()
    const endless = parMap(
      rising(200_000),
      (x, _, { use }) => {
        Atomics.store(use.begun, 0, 1)
        Atomics.notify(use.begun, 0)
        for (;;) if (Math.random() > 2) return x
      },
      { signal: controller.signal, grace: 10, use: { begun } },
    )
    await Atomics.waitAsync(begun, 0, 0).value
    controller.abort(new Error('enough'))
    await t.throwsAsync(endless, { message: 'enough' })
    t.deepEqual(new Float64Array(await parMap(rising(70_000), (x) => x)), fill(new Float64Array(70_000)))
  })

  test(`${where}: each item has its own context if it keeps it`, async (t) => {
    const results = await parMap(
      rising(3000),
      (x, i, ctx) => {
        if (x % 2 === 0) return ctx.use.offset + i
        // Of the item before it would have aborted for this one.
        const kept = globalThis as { signal?: AbortSignal }
        const fresh = kept.signal !== ctx.signal
        kept.signal = ctx.signal
        return fresh && !ctx.aborted ? x : -1
      },
      { use: { offset: 7 } },
    )
    t.deepEqual(
      new Float64Array(results),
      fill(new Float64Array(3000)).map((x) => (x % 2 === 0 ? x + 7 : x)),
    )
  })

  test(`${where}: settled, progress, a view, another order`, async (t) => {
    const job = parMap(rising(100).subarray(10, 20), (x) => {
      if (x === 15) throw new Error('no')
      return x
    })
    t.deepEqual(
      (await job.settled()).map((one) => (one.status === 'fulfilled' ? one.value : 'no')),
      [10, 11, 12, 13, 14, 'no', 16, 17, 18, 19],
    )
    let last: Progress | undefined
    const onProgress = (progress: Progress): void => void (last = progress)
    await parMap(rising(100_000), (x) => x, { onProgress })
    t.deepEqual(last, { done: 100_000, failed: 0, total: 100_000 })
    const anyhow = await parMap(rising(1000), (x) => x, { preserveOrder: false })
    t.deepEqual(new Float64Array(anyhow).toSorted(), fill(new Float64Array(1000)))
  })
}

function fill(array: Float64Array): Float64Array {
  for (let i = 0; i < array.length; i++) array[i] = i
  return array
}

test('many at once share the blocks', async (t) => {
  const maps = Array.from({ length: 30 }, (_, k) =>
    parMap(new Float64Array(70_000).fill(k), (x, i, { use }) => x * use.factor + i, { use: { factor: 1000 } }),
  )
  for (const [k, results] of (await Promise.all(maps)).entries())
    t.true(results.every((value, i) => value === k * 1000 + i))
})

test('items that wait for maps of their own always find a block', async (t) => {
  const pool = createPool({ workers: 1 })
  const items = new Float64Array([1, 2])
  const results = await pool.parMap(
    items,
    async (x, _, { use }) => {
      const { parMap: inner } = require(use.library) as typeof import('everycore')
      const outer = await inner(
        new Float64Array(600_000).fill(x),
        async (y, i, context) => {
          if (i % 30_000 !== 0) return y
          const { parMap: innermost } = require(context.use.library) as typeof import('everycore')
          const [doubled] = await innermost(new Float64Array([y]), (z) => z * 2)
          return doubled as number
        },
        { on: 'workers', use },
      )
      return outer.reduce((a, b) => a + b)
    },
    { on, use: { library: createRequire(import.meta.url).resolve('everycore') } },
  )
  t.deepEqual([...results], [600_020, 1_200_040])
  await pool.close()
})

test('a module that does not load fails its items', async (t) => {
  const missing = workerModule<{ fn(x: number): number }>(new URL('file:///no/such/module.mjs'))
  const error = (await t.throwsAsync(parMap(new Float64Array(3), missing.fn))) as ParallelError<Float64Array>
  t.deepEqual(
    error.errors.map((one) => (one as { code?: string }).code),
    ['ERR_LOAD', 'ERR_LOAD', 'ERR_LOAD'],
  )
})

test('a recall that comes while a worker takes note of a fresh context: nobody is skipped', async (t) => {
  await using pool = createPool({ workers: 1 })
  const items = Float64Array.from({ length: 3000 }, (_, i) => i)
  const results = await pool.parMap(items, (x, i, { signal }) => {
    if (i === 0) {
      const real = Atomics.compareExchange.bind(Atomics)
      let recalls = 0
      // As a tick would, between the worker's look at what is asked of an item and its answer.
      Atomics.compareExchange = ((array: Uint8Array, index: number, expected: number, value: number): number => {
        if (expected === 3 && value === 0 && recalls++ < 100) Atomics.store(array, index, 4)
        return real(array, index, expected, value)
      }) as typeof Atomics.compareExchange
    }
    return signal.aborted ? -1 : x + 1
  })
  t.deepEqual(
    results,
    items.map((x) => x + 1),
  )
})
