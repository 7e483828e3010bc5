/** What is asked how far it scales: items, how many, and the plain loop beside it where there is one. */
import { inWorkers } from '../work/maps.mjs'
import { functions } from '../work/functions.mjs'
import { packed, stepsOf } from '../work/mix.mjs'

const MICROSECONDS = 1e-3

/** A map by one of the functions that the benches share. */
function map(name, items) {
  const fn = functions[name]
  return {
    count: items.length,
    work: (pool) => pool.parMap(items, inWorkers[name]),
    loop: () => items.map((item) => fn(item)),
  }
}

function typed(items) {
  return {
    ...map('root', items),
    loop: () => {
      const results = new Float64Array(items.length)
      for (let i = 0; i < items.length; i++) results[i] = functions.root(items[i])
    },
  }
}

const list = (count, item) => Array.from({ length: count }, (_, i) => item(i))

const record = (i) => ({ id: i, name: `article ${i % 1000}`, price: (i % 700) / 4, count: i % 9 })

const grain = (us, count) =>
  map(
    'mixPacked',
    list(count, (i) => packed(i, stepsOf(us * MICROSECONDS))),
  )

const calls = (count) => ({
  count,
  work: (pool) => Promise.all(list(count, (i) => pool.run(inWorkers.increment, [i]))),
})

/** By name; `scale` shortens all of them. */
export const workloads = (scale) => {
  const many = (count) => Math.max(1000, Math.round(count * scale))
  return {
    'numbers, `x + 1`': () =>
      map(
        'increment',
        list(many(1e6), (i) => i * 1.5),
      ),
    'numbers, 1 µs of work': () => grain(1, many(200_000)),
    'numbers, 10 µs of work': () => grain(10, many(20_000)),
    'numbers, 100 µs of work': () => grain(100, many(2000)),
    'records of four fields': () => map('priced', list(many(200_000), record)),
    'strings of 500 characters': () =>
      map(
        'upper',
        list(many(100_000), (i) => `${'abcdefgh'.repeat(62)}${i}`),
      ),
    '`Map`s of two entries': () =>
      map(
        'mixMap',
        list(
          many(50_000),
          (i) =>
            new Map([
              ['id', i],
              ['steps', 1],
            ]),
        ),
      ),
    'doubles of a `Float64Array`': () => typed(new Float64Array(many(1e7))),
    'the same on shared memory': () => typed(new Float64Array(new SharedArrayBuffer(8 * many(1e7)))),
    '`run()` calls in one tick': () => calls(many(100_000)),
  }
}
