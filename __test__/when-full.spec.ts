// `maxQueue` and `whenFull`: what a call does that finds the queue full.

import test from 'ava'

import { createPool, type Pool } from 'everycore'
import { runProcess } from './fixtures/process.ts'
import { told, words } from './fixtures/shared.ts'

/** Holds the one worker of a pool until `open` is called. */
async function held(pool: Pool): Promise<{ open(): void; job: Promise<unknown> }> {
  const gate = words(2)
  const job = pool.run(
    (_x: number, ctx) => {
      Atomics.store(ctx.use.gate, 1, 1)
      Atomics.notify(ctx.use.gate, 1)
      Atomics.wait(ctx.use.gate, 0, 0)
    },
    [0],
    { use: { gate } },
  )
  await told(gate, 1)
  return {
    job,
    open() {
      Atomics.store(gate, 0, 1)
      Atomics.notify(gate, 0)
    },
  }
}

const id = (x: number): number => x

test("'wait': calls beyond the queue's room come in their order", async (t) => {
  await using pool = createPool({ workers: 1, maxQueue: 3, whenFull: 'wait' })
  const order: number[] = []
  const jobs = Array.from({ length: 300 }, (_, i) =>
    (i % 3 === 0 ? pool.run(id, [i], { priority: 'normal' }) : pool.run(id, [i])).then((x) => order.push(x)),
  )
  await Promise.all(jobs)
  t.is(order.length, 300)
  t.deepEqual(
    order.toSorted((a, b) => a - b),
    Array.from({ length: 300 }, (_, i) => i),
  )
})

test("'wait': one that is cancelled before there is room never starts, and the others are not held up", async (t) => {
  await using pool = createPool({ workers: 1, maxQueue: 1, whenFull: 'wait' })
  const gate = await held(pool)
  const ran = words(10)
  const note = (x: number, ctx: { use: { ran: Int32Array } }): number => {
    Atomics.add(ctx.use.ran, x, 1)
    return x
  }
  const jobs = Array.from({ length: 6 }, (_, x) => pool.run(note, [x], { use: { ran } }))
  const plain = Array.from({ length: 4 }, (_, x) => pool.run(id, [x]))
  await new Promise((resolve) => setImmediate(resolve))
  jobs[2]!.cancel()
  jobs[5]!.cancel()
  plain[1]!.cancel()
  gate.open()
  const outcomes = await Promise.allSettled(jobs)
  t.deepEqual(
    outcomes.map(({ status }) => status === 'fulfilled'),
    [true, true, false, true, true, false],
  )
  t.deepEqual(
    (await Promise.allSettled(plain)).map(({ status }) => status === 'fulfilled'),
    [true, false, true, true],
  )
  await gate.job
  t.deepEqual([...ran.subarray(0, 6)], [1, 1, 0, 1, 1, 0])
})

test("'wait': queueTimeout counts the wait for room, and signals end it", async (t) => {
  await using pool = createPool({ workers: 1, maxQueue: 1, whenFull: 'wait' })
  const gate = await held(pool)
  const first = pool.run(id, [1])
  const late = pool.run(id, [2], { queueTimeout: 20 })
  const reason = new Error('mine')
  const controller = new AbortController()
  const stopped = pool.run(id, [3], { signal: controller.signal })
  await t.throwsAsync(late, { code: 'ERR_QUEUE_TIMEOUT' })
  controller.abort(reason)
  t.is(await stopped.catch((error: unknown) => error), reason)
  const last = pool.run(id, [4])
  gate.open()
  t.deepEqual(await Promise.all([first, last]), [1, 4])
})

test("'wait': bytes count too; a call that can never find room is refused", async (t) => {
  await using pool = createPool({ workers: 1, maxQueue: { bytes: 4096 }, whenFull: 'wait' })
  const gate = await held(pool)
  const length = (text: string): number => text.length
  const jobs = Array.from({ length: 20 }, () => pool.run(length, ['x'.repeat(1500)]))
  await t.throwsAsync(pool.run(length, ['x'.repeat(5000)], { name: 'huge' }), {
    code: 'ERR_QUEUE_FULL',
    message: "'huge' was refused: as many calls wait as option 'maxQueue' allows",
  })
  gate.open()
  t.deepEqual(
    await Promise.all(jobs),
    Array.from({ length: 20 }, () => 1500),
  )
})

test("'reject' is the default; maps never meet the queue", async (t) => {
  await using pool = createPool({ workers: 1, maxQueue: 2 })
  const gate = await held(pool)
  const jobs = Array.from({ length: 5 }, (_, i) => pool.run(id, [i], { priority: 'low' }))
  const map = pool.parMap(
    Array.from({ length: 100 }, (_, i) => i),
    id,
  )
  const par = pool.par([id], [1], { on: 'workers' })
  void par.settled()
  // All have been handed over before the worker can take any.
  await new Promise((resolve) => setImmediate(resolve))
  gate.open()
  t.deepEqual(
    (await Promise.allSettled(jobs)).map((one) =>
      one.status === 'fulfilled' ? 'ran' : (one.reason as { code: string }).code,
    ),
    ['ran', 'ran', 'ERR_QUEUE_FULL', 'ERR_QUEUE_FULL', 'ERR_QUEUE_FULL'],
  )
  t.is((await map).length, 100)
  await t.throwsAsync(par, { code: 'ERR_PARALLEL', message: /as many calls wait as option 'maxQueue' allows/ })
  const { id: counted } = pool.metrics().functions
  t.is(counted!.failed, 4)
})

test("'wait': waiting calls keep the process, and close waits for them", async (t) => {
  const { code, out, err } = await runProcess(`
    import { createPool } from 'everycore'
    const pool = createPool({ workers: 1, maxQueue: 1, whenFull: 'wait' })
    const jobs = Array.from({ length: 30 }, (_, i) => pool.run((x) => x, [i], { priority: 'low' }))
    const closed = pool.close()
    console.log((await Promise.all(jobs)).length)
    await closed
    const other = createPool({ workers: 1, maxQueue: 1, whenFull: 'wait' })
    const open = Array.from({ length: 30 }, (_, i) => other.run(() => { for (;;); }))
    await other.close({ cancelPending: true })
    console.log(open.every((job) => job.state === 'cancelled'))`)
  t.is(err, '')
  t.is(code, 0)
  t.is(out, '30\ntrue')
})
