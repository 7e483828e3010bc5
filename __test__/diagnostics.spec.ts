// What `node:diagnostics_channel` tells of jobs and workers, and that nothing is made for channels that nobody listens to.

import diagnostics from 'node:diagnostics_channel'
import { readFileSync } from 'node:fs'
import test from 'ava'

import { batch, createPool, lazyParMap, par, parMap, run, taskInfo } from 'everycore'
import { resultOf } from './fixtures/process.ts'

interface Message {
  readonly [key: string]: any
}

const CHANNELS = [
  'everycore:job:open',
  'everycore:job:end',
  'everycore:item:retry',
  'everycore:item:fail',
  'everycore:worker:start',
  'everycore:worker:up',
  'everycore:worker:end',
  'everycore:worker:stray',
  'everycore:pool:health',
]

/** Listens to all channels while `work` runs; messages by channel, without the prefix. */
async function heard(work: () => Promise<unknown>): Promise<Record<string, Message[]>> {
  const messages: Record<string, Message[]> = {}
  const listen = (message: unknown, name: string | symbol): void => {
    // The shared pool's workers come and go meanwhile.
    if (String(name).includes(':worker:') && (message as Message)['pool'] === 'everycore') return
    ;(messages[String(name).replace('everycore:', '')] ??= []).push(message as Message)
  }
  for (const name of CHANNELS) diagnostics.subscribe(name, listen)
  try {
    await work()
  } finally {
    for (const name of CHANNELS) diagnostics.unsubscribe(name, listen)
  }
  return messages
}

test.serial('a job opens and ends, whatever its verb and lane', async (t) => {
  const metadata = { trace: 'abc' }
  const pool = createPool({ workers: 1, name: 'told' })
  // A first result may be here before the word that its worker is up.
  await pool.warmup()
  const ids: string[] = []
  const told = await heard(async () => {
    const jobs = [
      pool.run((x: number) => x, [1]),
      pool.run(function named() {}, [], { metadata }),
      pool.parMap([1, 2], async function here() {}),
      pool.parMap([1, 2], function there() {}),
      pool.par([function one() {}, function two() {}]),
    ]
    ids.push(...jobs.map((job) => job.id))
    await Promise.all(jobs)
  })
  t.deepEqual(Object.keys(told).toSorted(), ['job:end', 'job:open'])
  const opened = told['job:open']!.map(({ pool: name, id, name: job, lane, metadata: label }) => [
    name,
    id,
    job,
    lane,
    label,
  ])
  t.deepEqual(opened, [
    ['told', ids[0], 'anonymous', 'workers', {}],
    ['told', ids[1], 'named', 'workers', metadata],
    ['told', ids[2], 'here', 'caller', {}],
    ['told', ids[3], 'there', 'workers', {}],
    ['told', ids[4], 'one, two', 'caller', {}],
  ])
  const ended = new Map(told['job:end']!.map((message) => [message['id'], message]))
  t.is(ended.size, 5)
  for (const id of ids) t.like(ended.get(id), { pool: 'told', state: 'done', error: undefined })
  t.deepEqual(ended.get(ids[3])!['progress'], { done: 2, failed: 0, total: 2 })
  t.true(ended.get(ids[3])!['timing'].ranMs >= 0)
  await pool.close()
})

test.serial('a job that fails tells its error; its items tell of themselves', async (t) => {
  let error: Error | undefined
  const told = await heard(async () => {
    error = await t.throwsAsync(
      parMap(
        [0, 1, 2],
        async (x, _i, { attempt }) => {
          if (x === 1) throw new RangeError('one')
          if (x === 2 && attempt === 1) throw new Error('once')
        },
        {
          name: 'items',
          retries: { times: 1, when: (reason) => (reason as Error).message === 'once' },
          metadata: { m: 1 },
        },
      ),
    )
  })
  t.is(told['job:end']![0]!['error'], error)
  t.is(told['job:end']![0]!['state'], 'failed')
  const [failed] = told['item:fail'] as [Message]
  t.is(failed['error'], error!.cause)
  t.like(failed, { ...taskInfo(error!.cause), name: 'items', index: 1, attempt: 1, metadata: { m: 1 } })
  t.is(told['item:fail']!.length, 1)
  t.is(told['item:retry']!.length, 1)
  t.like(told['item:retry']![0], { name: 'items', index: 2, attempt: 1, error: { message: 'once' } })
})

test.serial('items of run and of par', async (t) => {
  const told = await heard(async () => {
    await run(function alone() {
      throw new Error('alone')
    }).settled()
    await par([
      () => {},
      function second() {
        throw new Error('second')
      },
    ]).settled()
  })
  t.like(told['item:fail']![0], { name: 'alone', index: 0, attempt: 1, error: { message: 'alone' } })
  t.like(told['item:fail']![1], { name: 'second', index: 1, error: { message: 'second' } })
  t.is(told['job:end']!.length, 2)
})

test.serial('cancelled jobs', async (t) => {
  const reason = new Error('stop')
  const told = await heard(async () => {
    run(() => {
      for (;;);
    }).cancel(reason)
    parMap([1], async () => new Promise(() => {})).cancel(reason)
    await run(() => 1, [], { signal: AbortSignal.abort(reason) }).settled()
  })
  t.is(told['job:open']!.length, 3)
  t.deepEqual(
    told['job:end']!.map(({ state, error }) => [state, error]),
    Array.from({ length: 3 }, () => ['cancelled', reason]),
  )
})

test.serial('flows and batches', async (t) => {
  const told = await heard(async () => {
    for await (const x of lazyParMap([1, 2, 3], async function lazy(x) {
      if (x === 3) await new Promise(() => {})
      return x
    }))
      if (x === 2) break
    await lazyParMap([1], async function fails() {
      throw new Error('no')
    })
      .next()
      .catch(() => {})
    await batch([1, 2, 3], async function batched(items) {
      return items
    })
  })
  t.deepEqual(
    told['job:open']!.map(({ name }) => name),
    ['lazy', 'fails', 'batched'],
  )
  t.deepEqual(
    told['job:end']!.map(({ name, state }) => `${name} ${state}`),
    ['lazy cancelled', 'fails failed', 'batched done'],
  )
  t.like(told['item:fail']![0], { name: 'fails', index: 0, error: { message: 'no' } })
})

test.serial('a worker starts, comes up, strays and ends', async (t) => {
  const pool = createPool({ workers: 1, name: 'lives' })
  const told = await heard(async () => {
    await pool.run(() => process.exit(7)).settled()
    await pool.run(() => void Promise.reject(new RangeError('floating')))
    await pool.run(() => 1)
    await pool.close()
  })
  t.is(told['worker:start']!.length, 2)
  t.is(told['worker:up']!.length, 2)
  const [first, second] = told['worker:end'] as [Message, Message]
  t.like(first, { pool: 'lives', worker: 0, reason: 'exit', exitCode: 7, error: undefined })
  t.like(second, { pool: 'lives', worker: 0, reason: 'exit', exitCode: 0, error: undefined })
  for (const [i, ended] of [first, second].entries()) {
    t.is(ended['threadId'], told['worker:start']![i]!['threadId'])
    t.is(ended['threadId'], told['worker:up']![i]!['threadId'])
  }
  t.is(told['worker:stray']!.length, 1)
  t.like(told['worker:stray']![0], { pool: 'lives', worker: 0, fatal: false, error: { message: 'floating' } })
})

test.serial('a worker that cannot start tells why', async (t) => {
  const pool = createPool({
    workers: 1,
    name: 'unlicensed',
    setup: () => {
      throw new RangeError('no licence')
    },
  })
  const told = await heard(async () => pool.run(() => 1).settled())
  t.like(told['worker:end']![0], { reason: 'error', exitCode: 1, error: { message: 'no licence' } })
  t.is(told['worker:up'], undefined)
  await pool.close()
})

test.serial('a subscriber that throws harms nobody', async (t) => {
  const outcome = await resultOf(`
    import diagnostics from 'node:diagnostics_channel'
    import { parMap } from 'everycore'
    const seen = []
    process.on('uncaughtException', (error) => seen.push(error.message))
    diagnostics.subscribe('everycore:job:open', () => { throw new Error('mine') })
    const results = await parMap([1, 2], (x) => x * 2)
    console.log(JSON.stringify([results, seen]))`)
  t.deepEqual(outcome, [[2, 4], ['mine']])
})

test('the page describes every channel, and no other', (t) => {
  const page = readFileSync(new URL('../docs/diagnostics.md', import.meta.url), 'utf8')
  const described = [...page.matchAll(/^\| `(everycore:[\w:]+)` \|/gm)].map(([, name]) => name)
  t.deepEqual(described.toSorted(), CHANNELS.toSorted())
})
