// `priority`: what waits is taken as a model of the queue says, so that high goes first and low is never starved.

import test from 'ava'

import { createPool, type Priority } from 'everycore'

const priorities = ['high', 'normal', 'low'] as const

/** The model: of every 32 claims one begins at low and another one at normal, all others at high; each takes from the first that has anything. */
function order(counts: readonly number[], phase: number): number[] {
  const left = [...counts]
  const taken: number[] = []
  for (let turn = phase; taken.length < counts.reduce((sum, count) => sum + count); turn++) {
    const lanes = turn % 32 === 0 ? [2, 0, 1] : turn % 16 === 0 ? [1, 0, 2] : [0, 1, 2]
    const lane = lanes.find((one) => left[one]! > 0)!
    left[lane]!--
    taken.push(lane)
  }
  return taken
}

test('items of three maps are taken in the order of the model', async (t) => {
  await using pool = createPool({ workers: 1 })
  const counts = [300, 150, 60]
  const seen = new Int32Array(new SharedArrayBuffer(4 * 512))
  const gate = new Int32Array(new SharedArrayBuffer(4))
  const closed = pool.run((_, { use }) => void Atomics.wait(use.gate, 0, 0), [0], { use: { gate } })
  while (pool.stats().running < 1) await new Promise((resolve) => setImmediate(resolve))
  const jobs = priorities.map((priority, lane) =>
    pool.parMap(
      Array.from({ length: counts[lane]! }, () => lane),
      (x, _, { use }) => void (use.seen[Atomics.add(use.seen, 511, 1)] = x),
      { priority, chunk: 1, use: { seen } },
    ),
  )
  // All of them are queued before the first is taken.
  while (pool.stats().queueLength < 510) await new Promise((resolve) => setImmediate(resolve))
  Atomics.store(gate, 0, 1)
  Atomics.notify(gate, 0)
  await Promise.all([closed, ...jobs])
  const took = [...seen.subarray(0, 510)].join('')
  // How many claims there were before is not known.
  const possible = Array.from({ length: 32 }, (_, phase) => order(counts, phase).join(''))
  t.true(possible.includes(took), took)
})

test('low runs while high goes on for ever, whatever the verb', async (t) => {
  await using pool = createPool({ workers: 1 })
  function* endless(): Generator<number> {
    for (;;) yield 1
  }
  const controller = new AbortController()
  const high = pool.parMap(endless(), (x) => x, { priority: 'high', chunk: 1, signal: controller.signal })
  const double = (x: number): number => x * 2
  for (const priority of ['low', 'normal'] satisfies Priority[]) {
    t.is(await pool.run(double, [1], { priority }), 2)
    t.deepEqual(await pool.parMap([1, 2], double, { priority }), [2, 4])
    t.deepEqual(await pool.batch([1, 2], (some) => some.map((x) => x * 2), { priority }), [2, 4])
    await pool.par([(x: number) => x], [1], { priority, on: 'workers' })
    const lazy: number[] = []
    for await (const x of pool.lazyParMap([1, 2], double, { priority })) lazy.push(x)
    t.deepEqual(lazy, [2, 4])
  }
  t.is(high.state, 'running')
  controller.abort(new Error('enough'))
  await t.throwsAsync(high, { message: 'enough' })
})
