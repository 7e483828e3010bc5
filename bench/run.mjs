/**
 * Runs the workloads of this folder and prints their figures.
 *
 * Usage: node bench/run.mjs [--quick] [--out directory] [workload ...]
 * Each contender's results are checked first. A run of all workloads is written to `bench/results`, one of some of them only where `--out` says.
 * `--quick` makes everything small and writes nothing: a test that the workloads work, its times mean nothing.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { conduct } from './frame/conduct.mjs'
import { conductApart } from './frame/conduct-apart.mjs'
import { digest } from './frame/digest.mjs'
import { closePeers } from './peers/open.mjs'
import { machine, printMachine, printRecord, writeReport } from './report.mjs'

const WORKLOADS = [
  'run-in-flight',
  'round-trip',
  'round-trip-idle',
  'par-map',
  'map-numbers',
  'map-strings',
  'map-records',
  'map-buffers',
  'map-floats',
  'map-floats-shared',
  'grain-numbers',
  'grain-records',
  'grain-maps',
  'skew',
  'large-strings',
  'large-array',
  'lazy',
  'lazy-workers',
  'lazy-memory',
  'batch',
  'caller-lane',
  'caller-lane-options',
  'loop-delay',
  'cold-start',
  'first-map',
  'worker-memory',
  'idle-cpu',
  'terser',
  'marked',
  'transpile',
  'bcrypt',
  'http',
  'native-sort',
  'native-sum',
  'native-min',
  'native-hash',
  'native-hash-shared',
  'native-words',
  'par-sort-number',
  'par-sort-string',
  'par-iter',
]

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, out: { type: 'string' } },
  allowPositionals: true,
})
const unknown = positionals.filter((name) => !WORKLOADS.includes(name))
if (unknown.length > 0) throw new Error(`no such workload: ${unknown.join(', ')}; there are: ${WORKLOADS.join(', ')}`)

const out = values.out ?? (positionals.length === 0 ? fileURLToPath(new URL('results', import.meta.url)) : undefined)
const report = { machine: machine(), records: [] }
printMachine(report.machine)

for (const name of positionals.length > 0 ? positionals : WORKLOADS) {
  const record = await carryOut(name)
  if (record === undefined) continue
  report.records.push(record)
  if (values.quick) continue
  printRecord(record)
  // After each of them, so that a run that is cut short leaves what it has.
  if (out !== undefined) writeReport(out, report)
}
if (values.quick) {
  await closePeers()
  tryReport()
}

/** One workload's figures; `undefined` where there are none. */
async function carryOut(name) {
  try {
    const workload = await import(`./${name}.mjs`)
    const conducted = await (values.quick ? conduct(name, { quick: true }) : conductApart(name, workload))
    printChecks(name, conducted.checks)
    if (conducted.measured.some(({ figures }) => Object.keys(figures).length === 0)) return undefined
    return digest(name, workload, conducted)
  } catch (error) {
    fail(`${name}: ${error.stack}`)
    return undefined
  }
}

function fail(what) {
  console.log(`not ok ${what}`)
  process.exitCode = 1
}

function printChecks(name, checks) {
  for (const { contender, point, problem } of checks) {
    const what = `${name}: ${contender}${point === undefined ? '' : ` at ${point}`}`
    if (problem !== undefined) fail(`${what}: ${problem}`)
    else if (values.quick) console.log(`ok ${what}`)
  }
}

/** The report of figures that mean nothing, to see that it can be made. */
function tryReport() {
  const directory = mkdtempSync(join(tmpdir(), 'everycore-bench-'))
  try {
    writeReport(directory, report)
    console.log('ok report')
  } finally {
    rmSync(directory, { recursive: true })
  }
}
