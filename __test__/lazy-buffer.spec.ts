// `buffer`: what is pulled and not yet yielded never exceeds it, however slow or quick source, function and consumer are.

import test from 'ava'

import { createPool, lazyParMap } from 'everycore'
import { makeRoom, told, words } from './fixtures/shared.ts'
import { sleep, turn, watched, watchedLater } from './fixtures/watched.ts'

await makeRoom()

const double = async (x: number): Promise<number> => x * 2

for (const [kind, make] of [
  ['a sync source', watched],
  ['an async source', watchedLater],
] as const) {
  for (const [name, work, consume] of [
    ['a quick function, a slow consumer', double, turn],
    ['a slow function, a quick consumer', (x: number) => turn().then(() => x * 2), async () => {}],
    ['both quick', double, async () => {}],
  ] as const) {
    test(`${kind}, ${name}`, async (t) => {
      for (const buffer of [1, 2, 7, 100]) {
        for (const preserveOrder of [true, false]) {
          const source = make(Infinity)
          let yielded = 0
          let most = 0
          const flow = lazyParMap(
            source.items as Iterable<number>,
            async (x) => {
              most = Math.max(most, source.pulls - yielded)
              return work(x)
            },
            { buffer, preserveOrder },
          )
          for await (const _ of flow) {
            yielded++
            most = Math.max(most, source.pulls - yielded)
            await consume()
            most = Math.max(most, source.pulls - yielded)
            if (yielded === 300) break
          }
          t.true(most <= buffer, `${most} items of at most ${buffer}`)
          t.is(source.closes, 1)
        }
      }
    })
  }
}

test('it is filled while the consumer does something else', async (t) => {
  const source = watched(Infinity)
  const flow = lazyParMap(source.items, double, { buffer: 10 })
  await flow.next()
  while (source.pulls < 11) await turn()
  for (let i = 0; i < 5; i++) await turn()
  t.is(source.pulls, 11)
  await flow.return()
})

test('on the caller it is `concurrency` unless it is given', async (t) => {
  for (const [options, most] of [
    [{}, 32],
    [{ concurrency: 5 }, 5],
    [{ concurrency: 5, buffer: 'auto' }, 5],
    [{ concurrency: 5, buffer: 20 }, 20],
    [{ concurrency: 20, buffer: 5 }, 5],
  ] as const) {
    const source = watched(Infinity)
    const flow = lazyParMap(source.items, double, options)
    await flow.next()
    while (source.pulls < most + 1) await turn()
    for (let i = 0; i < 5; i++) await turn()
    t.is(source.pulls, most + 1)
    await flow.return()
  }
})

test('less than concurrency lowers that', async (t) => {
  let running = 0
  let most = 0
  const flow = lazyParMap(
    watched(100).items,
    async () => {
      most = Math.max(most, ++running)
      await turn()
      running--
    },
    { concurrency: 10, buffer: 3 },
  )
  for await (const _ of flow);
  t.is(most, 3)
})

for (const buffer of [0, Infinity]) {
  test(`${buffer} is as many as there are`, async (t) => {
    const source = watched(5000)
    const flow = lazyParMap(source.items, double, { buffer })
    const first = await flow.next()
    while (source.pulls <= 5000) await turn()
    t.deepEqual(first, { done: false, value: 0 })
    let at = 1
    for await (const result of flow) t.is(result, 2 * at++)
    t.is(at, 5000)
  })
}

test('a slow first item holds the others back at the bound', async (t) => {
  const source = watched(Infinity)
  let open = (): void => {}
  const gate = new Promise<void>((resolve) => (open = resolve))
  const flow = lazyParMap(
    source.items,
    async (x) => {
      if (x === 0) await gate
      return x
    },
    { buffer: 8, concurrency: 2 },
  )
  const first = flow.next()
  while (source.pulls < 8) await turn()
  for (let i = 0; i < 5; i++) await turn()
  t.is(source.pulls, 8)
  open()
  t.deepEqual(await first, { done: false, value: 0 })
  t.deepEqual(await flow.next(), { done: false, value: 1 })
  await flow.return()
})

test('promises that have not settled count', async (t) => {
  let pulls = 0
  const promises = {
    [Symbol.iterator]: () => ({
      next: () => ({ done: false as const, value: new Promise<number>((resolve) => setTimeout(resolve, 5, pulls++)) }),
    }),
  }
  const flow = lazyParMap(promises, async (x) => x, { buffer: 4 })
  for (let i = 0; i < 20; i++) {
    t.deepEqual(await flow.next(), { done: false, value: i })
    t.true(pulls - i - 1 <= 4, `${pulls} pulled when ${i + 1} were yielded`)
  }
  await flow.return()
})

test('in workers, too', async (t) => {
  await using pool = createPool({ workers: 2 })
  for (const buffer of [1, 3, 50]) {
    for (const chunk of [1, 100, 'auto'] as const) {
      const source = watched(Infinity)
      let yielded = 0
      let most = 0
      for await (const _ of pool.lazyParMap(source.items, (x) => x, { buffer, chunk })) {
        yielded++
        most = Math.max(most, source.pulls - yielded)
        if (yielded % 50 === 0) await turn()
        most = Math.max(most, source.pulls - yielded)
        if (yielded === 300) break
      }
      t.true(most <= buffer, `${most} items of at most ${buffer}`)
      t.is(source.closes, 1)
    }
  }
})

test('in workers by default at most 16,384, and few of a slow function', async (t) => {
  await using pool = createPool({ workers: 2 })
  const quick = watched(Infinity)
  let yielded = 0
  let most = 0
  for await (const _ of pool.lazyParMap(quick.items, (x) => x)) {
    most = Math.max(most, quick.pulls - ++yielded)
    if (yielded === 200_000) break
  }
  t.true(most <= 16_384, `${most} items`)
  t.true(most >= 16, `${most} items`)

  const slow = watched(Infinity)
  const flow = pool.lazyParMap(
    slow.items,
    (_x, _i, { use }) => {
      Atomics.wait(use.gate, 0, 0)
    },
    { use: { gate: words(1) } },
  )
  void flow.next()
  await sleep(100)
  t.true(slow.pulls <= 4, `${slow.pulls} items`)
  await flow.return()
})

test('in workers by default at most 8 MiB, of items or of results', async (t) => {
  await using pool = createPool({ workers: 2 })
  const bytes = 1024 * 1024
  let pulls = 0
  const large = (function* () {
    for (; ; pulls++) yield new Uint8Array(bytes)
  })()
  let yielded = 0
  let most = 0
  for await (const _ of pool.lazyParMap(large, (item) => item.length)) {
    most = Math.max(most, pulls - ++yielded)
    await turn()
    if (yielded === 100) break
  }
  t.true(most <= 9, `${most} MiB of items`)

  const small = watched(Infinity)
  yielded = most = 0
  for await (const result of pool.lazyParMap(small.items, () => new Uint8Array(1024 * 1024))) {
    t.is(result.length, bytes)
    most = Math.max(most, small.pulls - ++yielded)
    if (yielded === 100) break
  }
  t.true(most <= 16, `${most} MiB of results`)
})

test('chunks never exceed it', async (t) => {
  await using pool = createPool({ workers: 1 })
  const [started] = [words(2)]
  const source = watched(Infinity)
  // The first item never ends: whatever else was handed out with it cannot start.
  const flow = pool.lazyParMap(
    source.items,
    (_x, _i, { use }) => {
      Atomics.add(use.started, 0, 1)
      Atomics.notify(use.started, 0)
      Atomics.wait(use.started, 1, 0)
    },
    { use: { started }, chunk: 1000, buffer: 5 },
  )
  void flow.next()
  await told(started)
  t.is(source.pulls, 5)
  await flow.return()
})
