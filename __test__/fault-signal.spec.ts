// SIGTERM, as a server is told to go: what runs is finished, new calls are refused, and the process leaves by itself with its own code.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import test from 'ava'

const posix = process.platform === 'win32' ? test.skip : test

for (const [how, code] of [
  ['patient', 0],
  ['impatient', 0],
  ['unheard', null],
] as const) {
  posix(how, async (t) => {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('./fixtures/faults/sigterm.mjs', import.meta.url)), how],
      {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { ...process.env, NODE_OPTIONS: '', NODE_DEBUG: '' },
      },
    )
    let told = ''
    let wrong = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (told += text))
    child.stderr.setEncoding('utf8').on('data', (text: string) => (wrong += text))
    await once(child.stdout, 'data')
    const ended = once(child, 'close')
    child.kill('SIGTERM')
    t.deepEqual(await ended, [code, code === null ? 'SIGTERM' : null])
    t.is(wrong, '')
    t.is(
      told,
      how === 'unheard' ? 'runs\n' : `runs\n${how === 'patient' ? '100 results' : 'ERR_CANCELLED'}, then ERR_CLOSED\n`,
    )
  })
}
