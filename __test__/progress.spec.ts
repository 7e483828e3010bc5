// `onProgress`: at most 20 times a second, and once at the end.

import test from 'ava'

import { parMap } from 'everycore'
import { gate, never } from './fixtures/gate.ts'
import { sleep } from './fixtures/watched.ts'

type Report = { done: number; failed: number; total: number | undefined }

test('the last report is complete', async (t) => {
  const reports: Report[] = []
  await parMap([1, 2, 3], async (x) => x, { onProgress: (report) => reports.push(report) })
  t.deepEqual(reports.at(-1), { done: 3, failed: 0, total: 3 })
  t.is(reports.filter((report) => report.done === 3).length, 1)
})

test('that all is done is told once, also when the source says a turn later that it has no more', async (t) => {
  const reports: Report[] = []
  const holds = async (): Promise<void> => {
    // Longer than the map stays in one turn.
    for (const until = performance.now() + 20; performance.now() < until;);
  }
  await parMap([1], holds, { onProgress: (report) => reports.push(report) })
  t.deepEqual(reports, [{ done: 1, failed: 0, total: 1 }])
})

test('failed items are done too', async (t) => {
  const reports: Report[] = []
  await parMap(
    [1, 2],
    async (x) => {
      if (x === 1) throw new Error('no')
    },
    { onError: 'return', onProgress: (report) => reports.push(report) },
  )
  t.deepEqual(reports.at(-1), { done: 2, failed: 1, total: 2 })
})

test('at most 20 a second, rising', async (t) => {
  const times: number[] = []
  const done: number[] = []
  await parMap(Array.from({ length: 300 }), async () => sleep(1), {
    concurrency: 1,
    onProgress: (report) => {
      times.push(performance.now())
      done.push(report.done)
    },
  })
  const seconds = (times.at(-1)! - times[0]!) / 1000
  t.true(times.length <= Math.ceil(seconds * 20) + 2, `${times.length} reports in ${seconds} s`)
  t.true(times.length >= 3)
  t.deepEqual(
    done,
    done.toSorted((a, b) => a - b),
  )
})

test('a burst is told although nothing follows it for long', async (t) => {
  const told = gate()
  const reports: number[] = []
  // The fourth ends when three have been told, so that nothing else could tell of them.
  await parMap([1, 2, 3, 4], async (x) => (x === 4 ? told.opened : sleep(1)), {
    onProgress: ({ done }) => {
      reports.push(done)
      if (done === 3) told.open()
    },
  })
  t.true(reports.includes(3))
})

test('an empty source has its report', async (t) => {
  const reports: Report[] = []
  await parMap([], async (x) => x, { onProgress: (report) => reports.push(report) })
  t.deepEqual(reports, [{ done: 0, failed: 0, total: 0 }])
})

test('the total of a source that does not tell is known at the end', async (t) => {
  const totals: (number | undefined)[] = []
  await parMap(
    (function* () {
      for (let i = 0; i < 40; i++) yield i
    })(),
    async () => sleep(5),
    { concurrency: 1, onProgress: ({ total }) => totals.push(total) },
  )
  t.is(totals[0], undefined)
  t.is(totals.at(-1), 40)
})

test('what it throws ends the job', async (t) => {
  const broken = new Error('in onProgress')
  let calls = 0
  const job = parMap(
    Array.from({ length: 1000 }),
    async () => {
      calls++
      await sleep(1)
    },
    {
      onProgress: () => {
        throw broken
      },
    },
  )
  t.is(await t.throwsAsync(job), broken)
  t.true(calls < 1000)
  t.is(
    await t.throwsAsync(
      parMap([], async (x) => x, {
        onProgress: () => {
          throw broken
        },
      }),
    ),
    broken,
  )
})

test('a job that was cancelled reports once more, where it stands', async (t) => {
  const reports: Report[] = []
  const first = gate()
  const job = parMap([1, 2], async (x) => (x === 1 ? undefined : never()), {
    concurrency: 1,
    onProgress: (report) => {
      reports.push(report)
      first.open()
    },
  })
  await first.opened
  job.cancel()
  await t.throwsAsync(job)
  await sleep(100)
  t.is(reports.length, 2)
  t.deepEqual(reports.at(-1), { done: 1, failed: 0, total: 2 })
})

test('cancelling from inside it', async (t) => {
  const job = parMap([1, 2, 3], async (x) => x, {
    concurrency: 1,
    onProgress: ({ done }) => {
      if (done === 1) job.cancel(new Error('enough'))
    },
  })
  await t.throwsAsync(job, { message: 'enough' })
  const last = parMap([1], async (x) => x, { onProgress: () => last.cancel(new Error('at the end')) })
  await t.throwsAsync(last, { message: 'at the end' })
})

test('starting another map from inside it', async (t) => {
  const inner: Promise<number[]>[] = []
  await parMap([1], async (x) => x, { onProgress: () => void inner.push(parMap([2], async (x) => x)) })
  t.deepEqual(await Promise.all(inner), [[2]])
})
