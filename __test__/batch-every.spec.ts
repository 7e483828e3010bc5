// `every`: a batch that is not full goes when its time is over.

import test from 'ava'

import { batch, batches } from 'everycore'
import { sleep, turn } from './fixtures/watched.ts'

/** A source that gives items when it is told to. */
class Tap implements AsyncIterable<number> {
  #waiting: ((step: IteratorResult<number>) => void) | undefined
  #given: IteratorResult<number>[] = []
  pulls = 0
  closes = 0

  give(...items: number[]): void {
    for (const value of items) this.#put({ done: false, value })
  }

  end(): void {
    this.#put({ done: true, value: undefined })
  }

  #put(step: IteratorResult<number>): void {
    if (this.#waiting === undefined) this.#given.push(step)
    else this.#waiting(step)
    this.#waiting = undefined
  }

  [Symbol.asyncIterator](): AsyncIterator<number> {
    return {
      next: () => {
        this.pulls++
        const step = this.#given.shift()
        return step === undefined ? new Promise((resolve) => (this.#waiting = resolve)) : Promise.resolve(step)
      },
      return: async () => {
        this.closes++
        return { done: true, value: undefined }
      },
    }
  }
}

test('what has come goes when its time is over', async (t) => {
  const tap = new Tap()
  const seen: number[][] = []
  const job = batch(
    tap,
    async (items) => {
      seen.push(items)
      return items
    },
    { size: 50, every: 20 },
  )
  tap.give(1, 2)
  while (seen.flat().length < 2) await turn()
  tap.give(3)
  while (seen.flat().length < 3) await turn()
  tap.give(4)
  tap.end()
  t.deepEqual(await job, [1, 2, 3, 4])
  t.deepEqual(job.progress, { done: 4, failed: 0, total: 4 })
})

test('a batch that is full does not wait for its time', async (t) => {
  const tap = new Tap()
  const seen: number[][] = []
  const job = batch(tap, async (items) => void seen.push(items), { size: 3, every: 3_600_000 })
  tap.give(1, 2, 3, 4)
  while (seen.length < 1) await turn()
  t.deepEqual(seen, [[1, 2, 3]])
  tap.end()
  await job
  t.deepEqual(seen, [[1, 2, 3], [4]])
})

test('without it, a batch waits until it is full or the source ends', async (t) => {
  const tap = new Tap()
  let calls = 0
  const job = batch(
    tap,
    async (items) => {
      calls++
      return items
    },
    { size: 3 },
  )
  tap.give(1, 2)
  await sleep(30)
  t.is(calls, 0)
  tap.end()
  t.deepEqual(await job, [1, 2])
})

test('there is never an empty batch', async (t) => {
  const tap = new Tap()
  const seen: number[][] = []
  const job = batch(tap, async (items) => void seen.push(items), { size: 5, every: 1 })
  await sleep(20)
  tap.give(1)
  while (seen.length < 1) await turn()
  await sleep(20)
  tap.end()
  await job
  t.deepEqual(seen, [[1]])
})

test('the time of a batch begins when somebody asks for it: slow consumers get full batches', async (t) => {
  const tap = new Tap()
  const flow = batches(tap, { size: 3, every: 500 })
  const first = flow.next()
  tap.give(1)
  t.deepEqual(await first, { done: false, value: [1] })
  // The question that was on its way is answered while nobody asks for a batch.
  tap.give(2, 3, 4, 5)
  await sleep(600)
  t.deepEqual(await flow.next(), { done: false, value: [2, 3, 4] })
  t.deepEqual(await flow.next(), { done: false, value: [5] })
  tap.end()
  t.deepEqual(await flow.next(), { done: true, value: undefined })
  t.is(tap.closes, 0)
})

test('a source that never lets a timer fire', async (t) => {
  const busy = (async function* () {
    for (;;) yield 1
  })()
  const flow = batches(busy, { size: Infinity, every: 20 })
  const first = await flow.next()
  t.true(first.value!.length > 1)
  const second = await flow.next()
  t.true(second.value!.length > 1)
  await flow.return()
})

test('the event loop turns while a large batch is gathered from a source that never waits', async (t) => {
  let turns = 0
  const ticker = setInterval(() => turns++, 1)
  const busy = (async function* () {
    for (let i = 0; i < 300_000; i++) yield i
  })()
  const results = await batch(busy, async (items) => items.length, { size: Infinity })
  clearInterval(ticker)
  t.deepEqual(results, [300_000])
  t.true(turns > 3, `${turns} turns`)
})

// Serial: the timers of other tests would be counted.
test.serial('cancelled while a batch is open: its timer is gone, its source closed', async (t) => {
  const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
  const before = timers()
  const tap = new Tap()
  let calls = 0
  const job = batch(tap, async () => void calls++, { size: 5, every: 60_000 })
  tap.give(1)
  while (tap.pulls < 2) await turn()
  t.is(timers(), before + 1)
  job.cancel()
  await t.throwsAsync(job, { code: 'ERR_CANCELLED' })
  t.is(timers(), before)
  t.is(calls, 0)
  t.is(tap.closes, 1)
})

test('a promise that rejects while its batch waits for more is nobody’s unhandled rejection', async (t) => {
  let pulls = 0
  const source = {
    [Symbol.asyncIterator]: () => ({
      next: async () => {
        if (pulls++ === 0) return { done: false, value: Promise.reject(new Error('early')) }
        await sleep(20)
        return { done: pulls > 2, value: 1 }
      },
    }),
  }
  const outcomes = await batch(source as AsyncIterable<number>, async (some) => some, { size: 2 }).settled()
  t.like(outcomes, [{ status: 'rejected', reason: { message: 'early' } }])
})
