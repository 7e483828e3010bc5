// The process leaves while native threads are busy: at once, with its own exit code, without a signal.
import test from 'ava'
import { child } from './support/child.ts'

const points = ['now', '0', '2', '10', '30', '60', '120']

for (const [how, code, stderr] of [
  ['exit', 3, /^$/],
  ['throw', 1, /RangeError: uncaught on main/],
] as const) {
  test(`${how} while native threads are busy`, async (t) => {
    for (const point of points) {
      const end = await child('native-leave.mjs', { args: [how, point] })
      t.is(end.signal, null, `${how} ${point} hangs`)
      t.is(end.code, code, point)
      t.regex(end.stderr, stderr)
    }
  })
}

test('it leaves by itself when all native work has ended', async (t) => {
  const end = await child('native-leave.mjs', { args: ['end'], deadline: 50_000 })
  t.is(end.code, 7)
  t.is(end.stderr, '')
})
