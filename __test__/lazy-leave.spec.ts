// Leaving a lazy map: the source is closed once, what is in flight is cancelled, and whoever waits is answered.

import { PassThrough } from 'node:stream'
import { ReadableStream } from 'node:stream/web'

import test from 'ava'

import { createPool, lazyParMap, type Flow } from 'everycore'
import { makeRoom, told, words } from './fixtures/shared.ts'
import { sleep, turn, watched, watchedLater } from './fixtures/watched.ts'

await makeRoom()

const done = { done: true, value: undefined }

/** A function whose items from 2 on run until their signal says that they are to stop. */
class Waiting {
  running = 0
  readonly stopped: unknown[] = []
  readonly fn = async (x: number, _i: number, { signal }: { signal: AbortSignal }): Promise<number> => {
    if (x < 2) return x
    this.running++
    return new Promise((_resolve, reject) =>
      signal.addEventListener('abort', () => {
        this.stopped.push(signal.reason)
        reject(signal.reason as Error)
      }),
    )
  }
}

for (const [kind, make] of [
  ['a sync source', watched],
  ['an async source', watchedLater],
] as const) {
  test(`${kind}: break after k results, for all k`, async (t) => {
    for (const preserveOrder of [true, false]) {
      for (let k = 1; k <= 12; k++) {
        const source = make(10)
        let got = 0
        for await (const _ of lazyParMap(source.items as Iterable<number>, async (x) => x, {
          buffer: 3,
          preserveOrder,
        })) {
          if (++got === k) break
        }
        t.is(got, Math.min(k, 10))
        await sleep(0)
        // Pulled to its end it has ended by itself, although its last results were not asked for; but the word of that may have been on its way.
        if (source.pulls > 10) t.true(source.closes <= (kind === 'an async source' && k <= 10 ? 1 : 0))
        else t.is(source.closes, 1, `after ${k} of 10`)
        const { pulls } = source
        await sleep(0)
        t.is(source.pulls, pulls, 'nothing is pulled afterwards')
      }
    }
  })

  test(`${kind}: a throw in the body`, async (t) => {
    const source = make(Infinity)
    await t.throwsAsync(
      async () => {
        for await (const x of lazyParMap(source.items as Iterable<number>, async (item) => item))
          if (x === 5) throw new Error('body')
      },
      { message: 'body' },
    )
    await sleep(0)
    t.is(source.closes, 1)
  })

  const ways: [string, (flow: Flow<number>) => Promise<unknown>, unknown][] = [
    ['return()', (flow) => flow.return(), done],
    ['throw()', (flow) => flow.throw(new Error('thrown')).catch((error: Error) => error.message), 'thrown'],
    ['await using', async (flow) => flow[Symbol.asyncDispose](), undefined],
  ]
  for (const [way, leave, answer] of ways) {
    test(`${kind}: ${way} while items run and calls of next() wait`, async (t) => {
      const source = make(Infinity)
      const work = new Waiting()
      const flow = lazyParMap(source.items as Iterable<number>, work.fn, { concurrency: 4 })
      t.deepEqual(await flow.next(), { done: false, value: 0 })
      t.deepEqual(await flow.next(), { done: false, value: 1 })
      const pending = [flow.next(), flow.next()]
      while (work.running < 4) await turn()
      t.deepEqual(await leave(flow), answer)
      t.deepEqual(await Promise.all(pending), [done, done])
      t.is(work.stopped.length, 4)
      t.like(work.stopped[0], { name: 'AbortError', code: 'ERR_CANCELLED' })
      t.deepEqual(await flow.next(), done)
      t.deepEqual(await flow.return(), done)
      await sleep(0)
      t.is(source.closes, 1)
    })
  }
}

test('return() gives back what it got, and waits for nothing', async (t) => {
  const flow = lazyParMap([1], () => new Promise<never>(() => {}), { on: 'caller' })
  const first = flow.next()
  await turn()
  t.deepEqual(await flow.return(Promise.resolve(undefined)), done)
  t.deepEqual(await first, done)
})

test('a source that never answers cannot hold up the end', async (t) => {
  let closes = 0
  const stuck = {
    [Symbol.asyncIterator]: () => ({
      next: () => new Promise<never>(() => {}),
      return: () => {
        closes++
        return new Promise<never>(() => {})
      },
    }),
  }
  const flow = lazyParMap(stuck, async (x) => x)
  const first = flow.next()
  await turn()
  t.deepEqual(await flow.return(), done)
  t.deepEqual(await first, done)
  t.is(closes, 1)
})

test('a source whose return() throws or rejects', async (t) => {
  for (const end of [
    () => {
      throw new Error('from return')
    },
    async () => {
      throw new Error('from return')
    },
  ]) {
    let n = 0
    const items = {
      [Symbol.asyncIterator]: () => ({
        next: async () => ({ done: false as const, value: n++ }),
        return: end as never,
      }),
    }
    for await (const x of lazyParMap(items, async (item) => item)) if (x === 3) break
    await sleep(0)
  }
  t.pass()
})

test('streams are destroyed or cancelled, also while they wait for data', async (t) => {
  const node = new PassThrough({ objectMode: true })
  const nodeFlow = lazyParMap(node, async (x) => x)
  node.write(1)
  t.deepEqual(await nodeFlow.next(), { done: false, value: 1 })
  const last = nodeFlow.next()
  await turn()
  await nodeFlow.return()
  t.deepEqual(await last, done)
  await sleep(5)
  t.true(node.destroyed)

  let cancelled = 0
  const web = new ReadableStream<number>({
    start: (controller) => controller.enqueue(1),
    cancel: () => void cancelled++,
  })
  const webFlow = lazyParMap(web, async (x) => x)
  t.deepEqual(await webFlow.next(), { done: false, value: 1 })
  await webFlow.return()
  await sleep(5)
  t.is(cancelled, 1)
  t.false(web.locked)
})

test('a function, a source or a listener that leaves its own loop', async (t) => {
  const source = watched(Infinity)
  const own: Flow<number> = lazyParMap(source.items, async (x) => {
    if (x === 3) await own.return()
    return x
  })
  const got: number[] = []
  for await (const x of own) got.push(x)
  t.true(got.length <= 3)
  t.is(source.closes, 1)

  let closed = 0
  let leave = (): unknown => undefined
  const generator = (function* (): Generator<number> {
    try {
      yield 1
      leave()
      yield 2
    } finally {
      closed++
    }
  })()
  const inside = lazyParMap(generator, async (x) => x)
  leave = () => inside.return()
  for await (const _ of inside);
  t.is(closed, 1)

  const opening: Flow<number> = lazyParMap(
    {
      [Symbol.iterator]: () => {
        void opening.return()
        return source.items[Symbol.iterator]()
      },
    },
    async (x) => x,
  )
  t.deepEqual(await opening.next(), done)
  t.is(source.closes, 2)
  t.is((await opening.next()).done, true)
})

for (const when of ['before', 'while it runs', 'with results waiting', 'when all has come'] as const) {
  test(`signal, aborted ${when}`, async (t) => {
    const reason = new Error('aborted')
    const controller = new AbortController()
    const source = watched(when === 'when all has come' ? 3 : Infinity)
    const { signal } = controller
    if (when === 'before') controller.abort(reason)
    const work = new Waiting()
    const flow = lazyParMap(source.items, when === 'while it runs' ? work.fn : async (x) => x, { signal, buffer: 5 })
    let rejected: Promise<unknown> | undefined
    if (when !== 'before') {
      t.deepEqual(await flow.next(), { done: false, value: 0 })
      if (when === 'while it runs') {
        await flow.next()
        rejected = t.throwsAsync(flow.next(), { is: reason })
        while (work.running < 5) await turn()
      } else {
        for (let i = 0; i < 10; i++) await turn()
      }
      controller.abort(reason)
    }
    if (rejected === undefined) await t.throwsAsync(flow.next(), { is: reason })
    else await rejected
    t.deepEqual(await flow.next(), done)
    t.is(source.closes, when === 'before' || when === 'when all has come' ? 0 : 1)
    if (when === 'before') t.is(source.pulls, 0)
    if (when === 'while it runs')
      t.deepEqual(
        work.stopped,
        Array.from({ length: 5 }, () => reason),
      )
  })
}

test('signal: the first of several waiting calls gets the reason, once; falsy reasons are reasons', async (t) => {
  const controller = new AbortController()
  const flow = lazyParMap([1], () => new Promise<never>(() => {}), { on: 'caller', signal: controller.signal })
  const pending = [flow.next(), flow.next(), flow.next()].map((step) =>
    step.then(
      (value) => value,
      (reason: unknown) => [reason],
    ),
  )
  await turn()
  controller.abort(null)
  t.deepEqual(await Promise.all(pending), [[null], done, done])
})

test('a signal that outlives the flow holds nothing of it', async (t) => {
  const listeners = new Set<unknown>()
  const signal = {
    aborted: false,
    reason: undefined,
    addEventListener: (_type: string, listener: unknown) => listeners.add(listener),
    removeEventListener: (_type: string, listener: unknown) => listeners.delete(listener),
  } as unknown as AbortSignal
  for await (const _ of lazyParMap([1, 2], async (x) => x, { signal }));
  t.is(listeners.size, 0)
  const left = lazyParMap([1, 2], async (x) => x, { signal })
  await left.next()
  t.is(listeners.size, 1)
  await left.return()
  t.is(listeners.size, 0)
})

test('an abandoned rejection is nobody’s unhandled rejection', async (t) => {
  const controller = new AbortController()
  const flow = lazyParMap(
    [1, 2],
    async (x) => {
      if (x === 2) throw new Error('never asked for')
    },
    { signal: controller.signal },
  )
  await flow.next()
  await sleep(1)
  controller.abort(new Error('nor this'))
  await sleep(1)
  await flow.return()
  t.pass()
})

test('pool.close() ends open flows as `break` does', async (t) => {
  for (const open of [1, 5]) {
    const pool = createPool({ workers: 2 })
    const source = watched(Infinity)
    const flow = pool.lazyParMap(source.items, (x) => x, { buffer: 4 })
    for (let i = 0; i < open; i++) t.deepEqual(await flow.next(), { done: false, value: i })
    await pool.close()
    t.deepEqual(await flow.next(), done)
    t.is(source.closes, 1)
  }
})

test('so do flows whose function stays on the caller, if they are of the pool', async (t) => {
  const pool = createPool({ workers: 1 })
  const source = watched(Infinity)
  const work = new Waiting()
  const flow = pool.lazyParMap(source.items, work.fn, { concurrency: 4 })
  await flow.next()
  await flow.next()
  const pending = flow.next()
  while (work.running < 4) await turn()
  const other = lazyParMap(watched(3).items, async (x) => x)
  await other.next()
  await pool.close()
  t.deepEqual(await pending, done)
  t.is(source.closes, 1)
  t.is(work.stopped.length, 4)
  t.deepEqual(await other.next(), { done: false, value: 1 })
})

test('pool.close() while items run and calls of next() wait', async (t) => {
  const pool = createPool({ workers: 2 })
  const source = watched(Infinity)
  const started = words(1)
  const loop = (_x: number, _i: number, { use }: { use: { started: Int32Array } }): void => {
    Atomics.add(use.started, 0, 1)
    Atomics.notify(use.started, 0)
    for (;;);
  }
  const flow = pool.lazyParMap(source.items, loop, { use: { started }, grace: 1 })
  const pending = flow.next()
  await told(started)
  await pool.close()
  t.deepEqual(await pending, done)
  t.is(source.closes, 1)
})

test('a flow that is first asked when its pool is closed says so', async (t) => {
  const pool = createPool({ workers: 1 })
  await pool.run(() => 1)
  const early = pool.lazyParMap([1], (x) => x)
  await pool.close()
  await t.throwsAsync(early.next(), { code: 'ERR_CLOSED' })
  await t.throwsAsync(pool.lazyParMap([1], (x) => x).next(), { code: 'ERR_CLOSED' })
})

test('leaving stops what runs in workers', async (t) => {
  await using pool = createPool({ workers: 2 })
  const state = words(2)
  const polls = (_x: number, _i: number, ctx: { use: { state: Int32Array }; aborted: boolean }): void => {
    Atomics.add(ctx.use.state, 0, 1)
    Atomics.notify(ctx.use.state, 0)
    while (!ctx.aborted);
    Atomics.add(ctx.use.state, 1, 1)
    Atomics.notify(ctx.use.state, 1)
  }
  const flow = pool.lazyParMap(watched(Infinity).items, polls, { use: { state }, grace: 60_000 })
  const pending = flow.next()
  await told(state)
  await flow.return()
  t.deepEqual(await pending, done)
  await told(state, 1)
  t.is(await pool.run(() => 'fine'), 'fine')
})
