// SIGTERM, as a server is told to go: what runs is finished, new calls are refused, and the process leaves by itself with its own code.
import test from 'ava'
import { child } from './support/child.ts'

const posix = process.platform === 'win32' ? test.skip : test

for (const [how, code] of [
  ['patient', 0],
  ['impatient', 0],
  ['unheard', null],
] as const) {
  posix(how, async (t) => {
    let isTold = false
    const end = await child('sigterm.mjs', {
      args: [how],
      heard(_, running) {
        if (!isTold) running.kill('SIGTERM')
        isTold = true
      },
    })
    t.deepEqual([end.code, end.signal], [code, code === null ? 'SIGTERM' : null])
    t.is(end.stderr, '')
    t.is(
      end.stdout,
      how === 'unheard' ? 'runs\n' : `runs\n${how === 'patient' ? '100 results' : 'ERR_CANCELLED'}, then ERR_CLOSED\n`,
    )
  })
}
