/**
 * Runs every suite, whatever became of the one before, and sums what their runners counted.
 *
 * `npm test` runs all; `npm test -- ava loom` those named, and `--verbose` shows the output of those that pass too.
 */
import { spawn, spawnSync } from 'node:child_process'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { suites } from './suites.mjs'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
// A suite that hangs must fail by itself, long before whoever runs this gives up on all of them.
const LIMIT_MS = 10 * 60_000
/** For a runner that is interrupted to say what it was waiting for. */
const LAST_WORDS_MS = 5000

const { values, positionals } = parseArgs({ options: { verbose: { type: 'boolean' } }, allowPositionals: true })
const wanted = suites.filter(({ name }) => positionals.length === 0 || positionals.includes(name))

const ENV = {
  ...process.env,
  PATH: `${join(ROOT, 'node_modules', '.bin')}${delimiter}${process.env.PATH}`,
  FORCE_COLOR: '0',
}

/** Signals a command and all that it started; where there are no signals they end at once. */
function signalAll(child, name) {
  if (process.platform === 'win32') spawnSync('taskkill', ['/pid', String(child.pid), '/t', '/f'])
  else process.kill(-child.pid, name)
}

/** Runs one command line to its end; resolves with its output, and why it failed if it did. */
function run(command, env) {
  return new Promise((resolve) => {
    const child = spawn(command, {
      cwd: ROOT,
      env: { ...ENV, ...env },
      shell: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: process.platform !== 'win32',
    })
    let output = ''
    let reason
    let timer = setTimeout(() => {
      reason = `stopped after ${LIMIT_MS / 60_000} minutes`
      timer = setTimeout(() => signalAll(child, 'SIGKILL'), LAST_WORDS_MS)
      signalAll(child, 'SIGINT')
    }, LIMIT_MS)
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
    child.on('error', (error) => (reason = error.message))
    child.on('close', (code, signal) => {
      clearTimeout(timer)
      if (code !== 0) reason ??= signal ? `ended by ${signal}` : `exit code ${code}`
      resolve({ output: stripVTControlCharacters(output), reason })
    })
  })
}

/** Runs one suite and says in one line how it went. */
async function runSuite({ name, command, env, read }) {
  const start = performance.now()
  const { output, reason } = await run(command, env)
  const counts = read(output, reason === undefined)
  // A runner that failed without counting a failure, or that found nothing to run, has failed once.
  const silent = counts.failed === 0 && (reason !== undefined || counts.passed === 0)
  if (silent) counts.failed = 1
  const seconds = ((performance.now() - start) / 1000).toFixed(1).padStart(6)
  const verdict = counts.failed === 0 ? 'ok    ' : 'FAILED'
  if (counts.failed > 0 || values.verbose) console.log(`\n--- ${name}: ${command}\n${output.trimEnd()}\n---`)
  const why = silent ? ` (${reason ?? 'it ran no test'})` : ''
  console.log(`${verdict} ${name.padEnd(18)} ${seconds} s  ${counts.passed} passed, ${counts.failed} failed${why}`)
  return counts
}

const total = { passed: 0, failed: 0 }
const setUp = spawnSync(process.execPath, [join(ROOT, 'scripts', 'setup.mjs')], {
  stdio: ['ignore', 'inherit', 'inherit'],
})
if (setUp.status !== 0) {
  console.log('FAILED set-up: no suite can run')
  total.failed = 1
} else {
  for (const suite of wanted) {
    const counts = await runSuite(suite)
    total.passed += counts.passed
    total.failed += counts.failed
  }
}
if (total.passed + total.failed === 0) {
  console.log(`no such suite; there are: ${suites.map(({ name }) => name).join(', ')}`)
  total.failed = 1
}
// The exit code, not process.exit(): what was printed is flushed first.
process.exitCode = total.failed === 0 ? 0 : 1
console.log(`${total.passed} passed, ${total.failed} failed`)
