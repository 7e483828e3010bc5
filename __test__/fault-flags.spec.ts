// Node flags that forbid things: what needs none of them works, and where addons or workers are forbidden the error names the flags to give.
import test from 'ava'
import { child } from './support/child.ts'
import { endedWell } from './support/scene.ts'

const permission = process.allowedNodeEnvironmentFlags.has('--permission')
  ? '--permission'
  : '--experimental-permission'
const read = [permission, '--no-warnings', '--allow-fs-read=*']

test('--disallow-code-generation-from-strings: shipped functions run, whatever their text', async (t) => {
  endedWell(t, await child('simple.mjs', { flags: ['--disallow-code-generation-from-strings'] }))
})

test('--permission with all that is needed', async (t) => {
  endedWell(t, await child('simple.mjs', { flags: [...read, '--allow-addons', '--allow-worker'] }))
})

for (const [flags, message] of [
  [['--no-addons'], /remove --no-addons/],
  [read, /add --allow-addons, --allow-worker and --allow-fs-read/],
  [[...read, '--allow-addons'], /add --allow-worker/],
] as const) {
  test(`${flags.join(' ')}`, async (t) => {
    const end = await child('forbidden.cjs', { flags })
    endedWell(t, end)
    const [code, text] = JSON.parse(end.stdout) as [string, string]
    t.is(code, 'ERR_UNSUPPORTED_PLATFORM')
    t.regex(text, message)
  })
}
