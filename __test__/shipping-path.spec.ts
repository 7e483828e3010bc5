// Functions that every worker has already ship by their path on the global object.
/* oxlint-disable no-extra-bind -- a bound function is the point */
import test from 'ava'
import { ship } from '../dist/ts/shipping/ship.js'
import { cross, refusal } from './fixtures/shipping.ts'

const table: [fn: Function, path: string][] = [
  [JSON.parse, 'JSON.parse'],
  [Math.sqrt, 'Math.sqrt'],
  [Number, 'Number'],
  [parseInt, 'parseInt'],
  [Number.parseFloat, 'parseFloat'],
  [Array.from, 'Array.from'],
  [Promise.resolve, 'Promise.resolve'],
  [Object.fromEntries, 'Object.fromEntries'],
  [String.raw, 'String.raw'],
  [Intl.DateTimeFormat, 'Intl.DateTimeFormat'],
  [Reflect.ownKeys, 'Reflect.ownKeys'],
  [Date.now, 'Date.now'],
  [encodeURIComponent, 'encodeURIComponent'],
  [structuredClone, 'structuredClone'],
  [setTimeout, 'setTimeout'],
  [fetch, 'fetch'],
  [atob, 'atob'],
  [Buffer.from, 'Buffer.from'],
  [Buffer.byteLength, 'Buffer.byteLength'],
  [console.log, 'console.log'],
  [process.cwd, 'process.cwd'],
  [process.hrtime.bigint, 'process.hrtime.bigint'],
  [performance.now, 'performance.now'],
  [crypto.randomUUID, 'crypto.randomUUID'],
  [URL.canParse, 'URL.canParse'],
  [AbortSignal.timeout, 'AbortSignal.timeout'],
]

for (const [fn, path] of table) {
  test(path, (t) => t.deepEqual(ship(fn), { kind: 'path', path: path.split('.') }))
}

test('they are called on what they stand on', (t) => {
  t.is(String(cross(Buffer.from)('abc')), 'abc')
  t.deepEqual(cross(Array.from)('ab'), ['a', 'b'])
  t.true(cross(performance.now)() > 0)
  t.is(typeof cross(process.hrtime.bigint)(), 'bigint')
  t.regex(cross(crypto.randomUUID)(), /^[0-9a-f-]{36}$/)
  t.is(cross(Math.max)(1, 2), 2)
  t.is(cross(Math.max).name, 'max')
})

test('the language itself is passed on as it is', (t) => {
  t.is(cross(Number), Number)
  t.is(cross(parseInt), parseInt)
})

test('what a program has put on global objects is not in the worker', (t) => {
  const own = { cube: (x: number) => x ** outside.three, bound: ((x: number) => x).bind(null) }
  Object.assign(Math, own)
  Object.assign(globalThis, { addedFunction: own.bound })
  t.regex(refusal(own.cube), /it uses `outside`/)
  t.regex(refusal(own.bound), /built in or bound/)
  const parse = JSON.parse
  try {
    JSON.parse = (text: string) => parse(text, outside.three as never)
    t.regex(refusal(JSON.parse), /it uses `parse` and `outside`/)
  } finally {
    JSON.parse = parse
  }
})

const outside = { three: 3 }

test('methods of prototypes need a `this`, and are refused', (t) => {
  for (const fn of [Array.prototype.map, String.prototype.trim, Map.prototype.get, Date.prototype.getTime]) {
    t.regex(refusal(fn), /built in or bound and has no source/)
  }
})
