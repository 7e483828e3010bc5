// Finished results reach the caller while a later item of the same claim still runs, whatever way they travel.
import test from 'ava'
import { createPool } from 'everycore'

const values = {
  numbers: (n: number): unknown => n,
  texts: (n: number): unknown => `item ${n}`,
  records: (n: number): unknown => ({ n }),
  'what bytes cannot carry': (n: number): unknown => new Map([[n, new SharedArrayBuffer(1)]]),
}

for (const [what, value] of Object.entries(values)) {
  test(what, async (t) => {
    await using pool = createPool({ workers: 1 })
    const gate = new Int32Array(new SharedArrayBuffer(4))
    const waits = (item: unknown, index: number, { use }: { use: { gate: Int32Array } }): unknown => {
      if (index === 5) Atomics.wait(use.gate, 0, 0)
      return item
    }
    const items = Array.from({ length: 8 }, (_, n) => value(n))
    const flow = pool.lazyParMap(items, waits, { use: { gate }, chunk: 8, buffer: 8 })
    for (let n = 0; n < 5; n++) t.deepEqual(await flow.next(), { done: false, value: items[n] })
    Atomics.store(gate, 0, 1)
    Atomics.notify(gate, 0)
    for (let n = 5; n < 8; n++) t.deepEqual(await flow.next(), { done: false, value: items[n] })
    t.true((await flow.next()).done)
  })
}
