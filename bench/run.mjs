/**
 * Runs the workloads of this folder and prints their figures.
 *
 * Usage: node bench/run.mjs [--quick] [workload ...]
 * Each contender's results are checked first. `--quick` makes everything small: a test that the workloads work, its times mean nothing.
 */
import { parseArgs } from 'node:util'
import { measure } from './measure.mjs'
import { printMachine, printResults } from './report.mjs'

const WORKLOADS = [
  'par-map',
  'run-in-flight',
  'round-trip',
  'round-trip-idle',
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
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})

printMachine()
for (const workload of WORKLOADS.filter((name) => positionals.length === 0 || positionals.includes(name))) {
  const { title, goal, rounds, open } = await import(`./${workload}.mjs`)
  const { contenders, check, close } = await open(values.quick)
  try {
    for (const [name, work] of Object.entries(contenders)) {
      const problem = await work().then(check, (error) => String(error))
      console.log(problem === undefined ? `ok ${workload}: ${name}` : `not ok ${workload}: ${name}: ${problem}`)
      if (problem !== undefined) process.exitCode = 1
    }
    const results = await measure(contenders, values.quick ? 2 : rounds)
    printResults(title, values.quick ? undefined : goal, results)
  } finally {
    await close()
  }
}
