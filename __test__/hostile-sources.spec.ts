// Sources that give the same object again and again, never end, lie about themselves, wait for their own job or start others.

import test from 'ava'
import { createPool, lazyParMap, type Pool } from 'everycore'

let pool: Pool
test.before(() => {
  pool = createPool({ workers: 2 })
})
test.after.always(() => pool.close({ cancelPending: true }))

const numberOf = (x: { n: number }): number => x.n
const id = <T>(x: T): T => x
const code = (error: unknown): unknown => (error as { code?: unknown }).code

for (const on of ['caller', 'workers'] as const) {
  test(`${on}: one object, changed each time, is what it was when it was pulled`, async (t) => {
    function* again(): Generator<{ n: number; list: number[] }> {
      const item = { n: 0, list: [0] }
      for (let i = 0; i < 20_000; i++) {
        item.n = item.list[0] = i
        yield item
      }
    }
    const expected = Array.from({ length: 20_000 }, (_, i) => i)
    t.deepEqual(await pool.parMap(again(), numberOf, { on }), expected)
    t.deepEqual(await pool.parMap(again(), (x) => x.list[0], { on, chunk: 1000 }), expected)
    let next = 0
    for await (const n of lazyParMap(again(), numberOf, { pool, on })) t.is(n, next++)
    t.is(next, 20_000)
  })

  test(`${on}: one that never ends leaves the thread time, and can be cancelled`, async (t) => {
    function* endless(): Generator<number> {
      for (;;) yield 1
    }
    const job = pool.parMap(endless(), id, { on })
    let turns = 0
    await new Promise<void>((resolve) => {
      const turn = (): unknown => (++turns < 20 ? setTimeout(turn, 0) : resolve())
      turn()
    })
    job.cancel()
    t.is(await job.catch(code), 'ERR_CANCELLED')
  })

  test(`${on}: one that never answers, or waits for its own job, can be cancelled`, async (t) => {
    const silent = { [Symbol.asyncIterator]: () => ({ next: () => new Promise<never>(() => {}) }) }
    const mute = pool.parMap(silent as AsyncIterable<number>, id, { on })
    async function* selfish(): AsyncGenerator<number> {
      yield 1
      await own
      yield 2
    }
    const own: Promise<unknown> & { cancel(): void } = pool.parMap(selfish(), id, { on })
    const never = pool.parMap([{ then(): void {} } as unknown as number, 2], id, { on })
    await new Promise((resolve) => setImmediate(resolve))
    for (const job of [mute, own, never]) {
      job.cancel()
      t.is(await job.catch(code), 'ERR_CANCELLED')
    }
  })

  test(`${on}: one that starts other maps as it is pulled`, async (t) => {
    const inner: Promise<number[]>[] = []
    function* busy(): Generator<number> {
      for (let i = 0; i < 50; i++) {
        inner.push(pool.parMap([i, i + 1], id, { on }))
        yield i
      }
    }
    t.is((await pool.parMap(busy(), id, { on })).length, 50)
    t.deepEqual(
      await Promise.all(inner),
      Array.from({ length: 50 }, (_, i) => [i, i + 1]),
    )
  })

  test(`${on}: ones that lie`, async (t) => {
    const two = (): Iterator<number> => [1, 2][Symbol.iterator]()
    const gotcha = new Error('gotcha')
    const throws = (): never => {
      throw gotcha
    }
    class Odd extends Array<number> {
      override get length(): number {
        return 1e9
      }
      override [Symbol.iterator](): ArrayIterator<number> {
        return [7][Symbol.iterator]()
      }
    }
    const sized = { length: 1e9, size: -1, [Symbol.iterator]: two }
    t.deepEqual(await pool.parMap(sized, id, { on, onProgress: () => {} }), [1, 2])
    t.deepEqual(await pool.parMap(new Odd(), id, { on }), [7])
    t.deepEqual(await pool.parMap(new Proxy([1, 2], {}), id, { on }), [1, 2])
    const unsized = Object.defineProperty({ [Symbol.iterator]: two }, 'length', { get: throws })
    t.deepEqual(await pool.parMap(unsized, id, { on }), [1, 2])
    const closed = Object.defineProperty({}, Symbol.iterator, { get: throws }) as Iterable<number>
    t.is(await pool.parMap(closed, id, { on }).catch((error: unknown) => error as never), gotcha as never)
    const stepless = { [Symbol.iterator]: () => ({ next: 3 }) } as unknown as Iterable<number>
    await t.throwsAsync(pool.parMap(stepless, id, { on }), { instanceOf: TypeError })
    // A promise that settles twice, and throws afterwards.
    const twice = {
      then(resolve: (value: number) => void): void {
        resolve(1)
        resolve(2)
        throw gotcha
      },
    }
    t.deepEqual(await pool.parMap([twice as unknown as number, 3], id, { on }), [1, 3])
  })

  test(`${on}: proxies and revoked ones, wherever they stand`, async (t) => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    const call = Proxy.revocable(id, {})
    call.revoke()
    for (const job of [
      pool.parMap([1], call.proxy, { on }),
      pool.parMap(proxy as Iterable<number>, id, { on }),
      pool.parMap([1], id, proxy),
      pool.parMap([1], id, { on, use: proxy }),
      pool.parMap([1], id, { on, metadata: proxy }),
      pool.parMap([1], id, { on, signal: proxy as AbortSignal }),
      pool.run(id, proxy as never, { on }),
    ])
      await t.throwsAsync(job)
    const trap = (): never => {
      throw new Error('trap')
    }
    const mined = new Proxy(
      {},
      { get: trap, has: trap, ownKeys: trap, getPrototypeOf: trap, getOwnPropertyDescriptor: trap },
    )
    for (const item of [proxy, mined]) {
      const [first, second] = await pool.parMap([item, 2] as unknown[], (x) => typeof x, { on }).settled()
      if (on === 'caller') t.deepEqual(first, { status: 'fulfilled', value: 'object' })
      else t.is(code((first as PromiseRejectedResult).reason as Error), 'ERR_NOT_CLONEABLE')
      t.deepEqual(second, { status: 'fulfilled', value: 'number' })
    }
    const thrown = (x: number): unknown => {
      const { proxy: it, revoke: end } = Proxy.revocable({}, {})
      if (x === 1) end()
      throw it
    }
    for (const one of await pool.parMap([1, 2], thrown, { on }).settled())
      t.is(code((one as PromiseRejectedResult).reason as Error), 'ERR_TASK')
  })
}

test('options from JSON', async (t) => {
  const options = JSON.parse(
    '{ "concurrency": 2, "onError": "return", "chunk": 1, "timeout": 1000000, "retries": { "times": 1 }, "priority": "low", "name": "x", "metadata": { "__proto__": 1 } }',
  ) as object
  t.deepEqual(await pool.parMap([1, 2], id, { ...options }), [1, 2])
  for (const text of [
    '{"__proto__":{"concurrency":1}}',
    '{"constructor":{"prototype":{}}}',
    '{"prototype":1}',
    '{"":1}',
  ])
    t.is(await pool.parMap([1], id, JSON.parse(text) as object).catch(code as never), 'ERR_OPTION' as never, text)
  const settings =
    '{ "workers": 1, "maxQueue": { "calls": 10 }, "resourceLimits": { "maxOldGenerationSizeMb": 64 }, "env": { "__proto__": "x", "A": "b" } }'
  const own = createPool(JSON.parse(settings) as object)
  t.deepEqual(await own.run(() => [process.env['A'], 'x' in {}]), ['b', false])
  await own.close()
})

test('a million calls that wait: all are made, and none beyond what may wait', async (t) => {
  t.timeout(300_000)
  const MILLION = 1_000_000
  const own = createPool({ workers: 2 })
  let sum = 0
  let refused = 0
  const double = (x: number): number => x * 2
  const jobs: PromiseLike<void>[] = []
  for (let i = 0; i < MILLION + 10_000; i++) {
    jobs.push(
      own.run(double, [i]).then(
        (value) => void (sum += value === i * 2 ? 1 : 0),
        (error: { code: unknown }) => void (refused += error.code === 'ERR_QUEUE_FULL' ? 1 : 0),
      ),
    )
  }
  await Promise.all(jobs)
  t.is(sum + refused, MILLION + 10_000)
  t.true(sum >= MILLION)
  await own.close()
})
