// `zip`: several argument sets for one map, as long as the shortest.

import { Readable } from 'node:stream'

import test from 'ava'

import { parMap, zip } from 'everycore'
import { sleep, watched, watchedLater } from './fixtures/watched.ts'

test('tuples are spread over the parameters, index and context follow', async (t) => {
  t.deepEqual(await parMap(zip([1, 2], ['a', 'b']), async (n, s, i, { attempt }) => [n, s, i, attempt]), [
    [1, 'a', 0, 1],
    [2, 'b', 1, 1],
  ])
  t.deepEqual(await parMap(zip([1, 2]), async (n, i) => n * 10 + i), [10, 21])
})

test('any mix, ending with the shortest', async (t) => {
  const later = async function* (): AsyncGenerator<string> {
    yield 'x'
    yield 'y'
    yield 'z'
  }
  t.deepEqual(
    await parMap(zip(new Set([1, 2]), later(), Readable.from([true, false, true])), async (n, s, b) => `${n}${s}${b}`),
    ['1xtrue', '2yfalse'],
  )
  t.deepEqual(await parMap(zip([1], []), async () => 1), [])
})

test('it is lazy and can be walked without a map', async (t) => {
  const source = watched(Infinity)
  t.deepEqual(
    [...zip([10, 20], source.items)],
    [
      [10, 0],
      [20, 1],
    ],
  )
  t.deepEqual([source.pulls, source.closes], [2, 1])
  const walked: unknown[] = []
  for await (const pair of zip([1, 2, 3], watchedLater(2).items)) walked.push(pair)
  t.deepEqual(walked, [
    [1, 0],
    [2, 1],
  ])
})

test('it can be walked more than once where its sources can', (t) => {
  const pairs = zip([1], [2])
  t.deepEqual([[...pairs], [...pairs]], [[[1, 2]], [[1, 2]]])
})

test('the one that ends is not closed, the others are, once', async (t) => {
  for (const make of [watched, watchedLater]) {
    const [short, long, other] = [make(3), make(10), make(Infinity)]
    t.is(
      (
        await parMap(
          zip(long.items as Iterable<number>, short.items as Iterable<number>, other.items as Iterable<number>),
          async () => 1,
        )
      ).length,
      3,
    )
    await sleep(1)
    t.deepEqual([short.closes, long.closes, other.closes], [0, 1, 1])
  }
})

test("the one that throws is not closed, the others are; its error is the job's", async (t) => {
  for (const make of [watched, watchedLater]) {
    const [broken, other] = [make(10, 2), make(10)]
    await t.throwsAsync(
      parMap(zip(other.items as Iterable<number>, broken.items as Iterable<number>), async () => 1),
      { message: 'source broke' },
    )
    await sleep(1)
    t.deepEqual([broken.closes, other.closes], [0, 1])
  }
})

test('leaving early closes all', async (t) => {
  for (const make of [watched, watchedLater]) {
    const [one, two] = [make(Infinity), make(Infinity)]
    await t.throwsAsync(
      parMap(
        zip(one.items as Iterable<number>, two.items as Iterable<number>),
        async (n) => {
          if (n === 5) throw new Error('enough')
        },
        { onError: 'stop' },
      ),
    )
    await sleep(5)
    t.deepEqual([one.closes, two.closes], [1, 1])
  }
})

test('promises among the items are awaited; a rejected one fails its tuple alone', async (t) => {
  for (const second of [[1, 2, 3], watchedLater(3).items]) {
    const items = [Promise.resolve('a'), Promise.reject(new Error('b')), 'c']
    const outcomes = await parMap(zip(items, second as Iterable<number>), async (s) => s).settled()
    t.deepEqual(
      outcomes.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.message)),
      ['a', 'b', 'c'],
    )
  }
})

test('what is not iterable is refused', (t) => {
  t.throws(() => zip([1], 7 as never), {
    code: 'ERR_OPTION',
    message: 'zip: argument 1 must be an iterable or an async iterable, got 7',
  })
  t.throws(() => (zip as () => unknown)(), { code: 'ERR_OPTION', message: 'zip takes one iterable or more, got none' })
})
