// A collection that finds no job underway takes no hidden classes with it, nor the code that was optimised for them.

import test from 'ava'

import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

const COLLECTIONS = 20
/** Node.js 24 and newer say `embedded`. */
const givenUp = /<SharedFunctionInfo ([^>]*)>\) \(opt id \d+\) for deoptimization, reason: (?:embedded )?weak objects/g

for (const kind of [
  'numbers',
  'texts',
  'maps',
  'elements',
  'calls',
  'chain',
  'lazy map',
  'caller lane',
  'lazy map on the caller',
]) {
  test(kind, async (t) => {
    const end = await child('hidden-classes.mjs', {
      flags: ['--expose-gc', '--trace-deopt'],
      args: [kind],
      deadline: 60_000,
    })
    endedWell(t, end)
    const [, afterwards] = end.stdout.split(/^warm$/m)
    if (afterwards === undefined) return t.fail(end.stdout)
    const times = new Map<string, number>()
    for (const [, name = ''] of afterwards.matchAll(givenUp)) times.set(name, (times.get(name) ?? 0) + 1)
    // What is optimised late may still learn something new once or twice.
    const often = [...times].filter(([, count]) => count > COLLECTIONS / 2)
    t.deepEqual(often, [], 'functions that V8 optimises anew for nearly every job')
  })
}
