// Sequential mode: in order, one at a time, on the caller, with the results and errors that workers would give.

import test from 'ava'

import { NotCloneableError, parMap } from 'everycore'
import { sequentially } from 'everycore/testing'
import { border } from '../dist/ts/lanes/border.js'
import { openSequentialLane } from '../dist/ts/lanes/sequential.js'
import { Ledger } from '../dist/ts/ledger/ledger.js'
import { MapRun } from '../dist/ts/map/map-run.js'
import { OrderedGather } from '../dist/ts/map/gather.js'
import { openSource } from '../dist/ts/map/open-source.js'
import { normaliseParMap } from '../dist/ts/options/normalise.js'
import { sleep } from './fixtures/watched.ts'

type Fn = (...args: any[]) => unknown

test('concurrency 0: in order, one after the other', async (t) => {
  const log: string[] = []
  const job = parMap(
    [30, 1, 10],
    async (ms) => {
      log.push(`start ${ms}`)
      await sleep(ms)
      log.push(`end ${ms}`)
      return ms
    },
    { concurrency: 0 },
  )
  t.is(job.lane, 'caller')
  t.deepEqual(await job, [30, 1, 10])
  t.deepEqual(log, ['start 30', 'end 30', 'start 1', 'end 1', 'start 10', 'end 10'])
})

test('a function that stays on the caller gets the items themselves', async (t) => {
  const item = { f: () => 1 }
  t.is((await parMap([item], async (x) => x, { concurrency: 0 }))[0], item)
})

test('a function that would have left gets copies, and gives copies', async (t) => {
  const item = { list: [1], bytes: Buffer.from('ab') }
  let seen: typeof item | undefined
  // Not shipped here: told to be of the workers' lane, it must not see what it closes over, so the check is made by what comes back.
  const [result] = await parMap(
    [item],
    (x) => {
      x.list.push(2)
      return x
    },
    { concurrency: 0 },
  )
  seen = result
  t.deepEqual(item.list, [1])
  t.deepEqual(seen!.list, [1, 2])
  t.true(Buffer.isBuffer(seen!.bytes))
})

test('what cannot cross is refused for its item alone', async (t) => {
  const outcomes = await parMap([1, () => 1, 2], (x) => x, { concurrency: 0 }).settled()
  t.deepEqual(
    outcomes.map((one) => one.status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  t.true((outcomes[1] as PromiseRejectedResult).reason instanceof NotCloneableError)
  const results = await parMap([1, 2], (x) => (x === 1 ? { deep: { f: () => 1 } } : x), { concurrency: 0 }).settled()
  t.like(results, [
    { status: 'rejected', reason: { code: 'ERR_NOT_CLONEABLE', path: 'result.deep.f' } },
    { status: 'fulfilled', value: 2 },
  ])
})

test('captures are refused', async (t) => {
  const outer = 5
  await t.throwsAsync(
    parMap([1], (x) => x + outer, { concurrency: 0 }),
    { code: 'ERR_CAPTURE', message: /outer/ },
  )
})

test('errors come back as from workers', async (t) => {
  const [error] = await parMap(
    [1],
    () => {
      throw Object.assign(new RangeError('no'), { extra: { deep: 1 } })
    },
    { concurrency: 0, onError: 'return' },
  )
  t.true((error as unknown) instanceof RangeError)
  t.like(error, { message: 'no', extra: { deep: 1 } })
})

test('every attempt gets a copy of its own', async (t) => {
  const items = [{ n: 0 }]
  t.deepEqual(
    await parMap(
      items,
      (x, _i, { attempt }) => {
        x.n++
        if (attempt < 3) throw new Error('again')
        return x.n
      },
      { concurrency: 0, retries: 3 },
    ),
    [1],
  )
  t.deepEqual(items, [{ n: 0 }])
})

test('use is there, as a copy', async (t) => {
  const use = { list: [1] }
  t.deepEqual(
    await parMap(
      [2],
      (x, _i, ctx) => {
        ctx.use.list.push(x)
        return ctx.use.list
      },
      { concurrency: 0, use },
    ),
    [[1, 2]],
  )
  t.deepEqual(use.list, [1])
})

test.serial('the whole process, while it is switched on', async (t) => {
  const results = await sequentially(() => {
    const job = parMap([1, 2], (x) => x * 2)
    t.is(job.lane, 'caller')
    return job
  })
  t.deepEqual(results, [2, 4])
  t.is(parMap([1], (x) => x).lane, 'workers')
})

/** A map on the sequential lane whose function has to be looked for. */
const prepared = (prepare: () => Promise<{ fn: Fn; use: object }>, items: unknown): Promise<unknown> => {
  const settings = normaliseParMap({ concurrency: 0 })
  const site = { stack: '' }
  const tally = new Ledger('x').tally('x')
  const run = new MapRun({
    id: 'x',
    name: 'x',
    site,
    settings,
    lane: 'caller',
    gather: new OrderedGather(),
    source: openSource('parMap', items),
    open: (sink) =>
      openSequentialLane(
        { prepare: async () => ({ ...(await prepare()), builtIn: false }), border },
        { ...settings, id: 'x', name: 'x', site, tally, shape: 'spread', addContext: false },
        sink,
      ),
  })
  run.start()
  return run.job
}

test('a function that is found later, with spread items', async (t) => {
  t.deepEqual(
    await prepared(async () => {
      await sleep(5)
      return { fn: (a, b, i) => [a, b, i], use: {} }
    }, [
      [1, 2],
      [3, 4],
    ]),
    [
      [1, 2, 0],
      [3, 4, 1],
    ],
  )
})

test('a function that is not found ends the job', async (t) => {
  await t.throwsAsync(
    prepared(async () => {
      throw new Error('no such module')
    }, [[1]]),
    { message: 'no such module' },
  )
})
