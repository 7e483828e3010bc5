/**
 * Runs a list of faults against this and other libraries, each in a process of its own with a time limit, and prints a table of how they come through.
 *
 * Usage: node bench/faults/run.mjs [--quick] [--verbose] [library ...]
 * `--quick` is a test that ours passes all of them.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { faults } from './catalogue.mjs'
import { libraries } from './libraries.mjs'

const CHILD = fileURLToPath(new URL('child.mjs', import.meta.url))
const STAGES = ['settles', 'told', 'beside', 'after', 'close']

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, verbose: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const names = positionals.length > 0 ? positionals : values.quick ? ['everycore'] : Object.keys(libraries)
// A test has to have the time that it may need on a machine that is busy.
const STAGE_MS = values.quick ? 30_000 : 10_000

/** Resolves with the stages that went wrong; `undefined` where the library does not offer it. */
function play(library, name) {
  const { needs, closes, leaves, mayWarn } = faults[name]
  if (needs !== undefined && !libraries[library].offers.includes(needs)) return undefined
  const child = spawn(process.execPath, [CHILD, library, name, String(STAGE_MS)], { stdio: ['ignore', 'pipe', 'pipe'] })
  return new Promise((resolve) => {
    let stdout = ''
    let stderr = ''
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout += text))
    child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
    const timer = setTimeout(() => child.kill('SIGKILL'), STAGE_MS * 6)
    child.once('close', (code, signal) => {
      clearTimeout(timer)
      const said = new Map()
      for (const line of stdout.split('\n').filter((text) => text.startsWith('{"stage"'))) {
        const { stage, fine } = JSON.parse(line)
        said.set(stage, fine)
      }
      const wanted = STAGES.filter(
        (stage) => !(closes && (stage === 'settles' || stage === 'after')) && !(leaves && stage === 'close'),
      )
      const wrong = wanted.filter((stage) => said.get(stage) !== true)
      if (signal !== null || code !== 0) wrong.push('ends')
      if (stderr !== '' && !mayWarn) wrong.push('quiet')
      if (values.verbose && wrong.length > 0)
        console.error(`${library}, ${name}: ${wrong.join(', ')}; ${signal ?? code}\n${stderr}`)
      resolve(wrong)
    })
  })
}

const results = new Map()
for (const [name, { slow }] of Object.entries(faults)) {
  if (values.quick && slow) continue
  const row = {}
  for (const library of names) row[library] = await play(library, name)
  results.set(name, row)
  if (values.quick)
    for (const library of names)
      console.log(
        `${row[library].length === 0 ? 'ok' : 'not ok'} faults: ${library}: ${name} ${row[library].join(', ')}`,
      )
}
if (values.quick)
  process.exitCode = [...results.values()].some((row) => names.some((one) => row[one].length > 0)) ? 1 : 0
else print()

function print() {
  const line = (cells) => console.log(`| ${cells.join(' | ')} |`)
  line(['fault', ...names])
  line(['---', ...names.map(() => '---')])
  for (const [name, row] of results)
    line([
      name,
      ...names.map((one) =>
        row[one] === undefined ? 'not offered' : row[one].length === 0 ? 'yes' : row[one].join(', '),
      ),
    ])
  const score = (one) => {
    const played = [...results.values()].map((row) => row[one]).filter((wrong) => wrong !== undefined)
    return `**${played.filter((wrong) => wrong.length === 0).length} of ${played.length}**`
  }
  line(['**passed**', ...names.map(score)])
}
