// The process leaves at whatever point while workers are busy: at once, with its own exit code, without a signal.
import test from 'ava'
import { child } from './support/child.ts'

const points = [
  ['before'],
  ['at once'],
  ['microtask'],
  ['immediate'],
  ...[0, 3, 10, 25, 40, 55, 70, 100, 150].map((ms) => ['after', String(ms)]),
  ['closing', '60'],
]

for (const [how, code, stderr] of [
  ['exit', 3, /^$/],
  ['throw', 1, /RangeError: uncaught on main/],
  ['reject', 1, /RangeError: unhandled on main/],
] as const) {
  test(`${how} on the main thread while workers are busy`, async (t) => {
    for (const point of points) {
      const end = await child('leave.mjs', { args: [how, ...point] })
      t.is(end.signal, null, `${how} ${point.join(' ')} hangs`)
      t.is(end.code, code, point.join(' '))
      t.regex(end.stderr, stderr)
      t.is(end.stdout, '')
    }
  })
}
