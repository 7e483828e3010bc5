/**
 * How many cores each kind of work can use, by what an item costs the calling thread and what it costs the workers.
 *
 * Usage: node bench/scaling/run.mjs [--quick] [part of a workload's name]
 * The caller's share is the CPU time of its thread, the workers' that of all the others. From both follows at how many workers the caller is the slower
 * part; docs/scaling.md tells what the table means. Linux only: no other system tells the CPU time of one thread.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { cpuCount, createPool } from 'everycore'
import { median } from '../frame/statistics.mjs'
import { collectGarbage } from '../measure.mjs'
import { workloads } from './workloads.mjs'

const { values, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
})
const ROUNDS = values.quick ? 1 : 7

/** CPU time of this thread, and of all others of the process, in ms. */
function clocks() {
  const own = Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ')[0]) / 1e6
  const { user, system } = process.cpuUsage()
  return { wall: performance.now(), own, others: (user + system) / 1000 - own }
}

/** What `work` took by each clock, in ns an item. */
async function measured(work, count) {
  collectGarbage()
  const before = clocks()
  await work()
  const after = clocks()
  return Object.fromEntries(Object.keys(before).map((clock) => [clock, ((after[clock] - before[clock]) * 1e6) / count]))
}

async function costs({ count, work, loop }, pool) {
  const rounds = []
  const loops = []
  for (let round = 0; round < ROUNDS; round++) {
    if (loop !== undefined) loops.push(await measured(loop, count))
    rounds.push(await measured(() => work(pool), count))
  }
  const of = (all, clock) => median(all.map((round) => round[clock]))
  return {
    loop: loop === undefined ? undefined : of(loops, 'wall'),
    wall: of(rounds, 'wall'),
    caller: of(rounds, 'own'),
    workers: of(rounds, 'others'),
  }
}

const ns = (value) =>
  value === undefined ? '' : value < 1000 ? `${value.toFixed(0)} ns` : `${(value / 1000).toFixed(1)} µs`

const pool = createPool({ workers: cpuCount() })
await pool.warmup()
if (!values.quick) {
  console.log(`${cpuCount()} workers, Node.js ${process.versions.node}; an item's cost\n`)
  console.log(
    '| work | plain loop | measured | caller | workers | the caller is busy from | at most, against the loop |',
  )
  console.log('|---|---|---|---|---|---|---|')
}
for (const [name, open] of Object.entries(workloads(values.quick ? 0.002 : 1))) {
  if (positionals.length > 0 && !positionals.some((part) => name.includes(part))) continue
  const { loop, wall, caller, workers } = await costs(open(), pool)
  if (values.quick) {
    console.log(`${caller > 0 && workers > 0 ? 'ok' : 'not ok'} scaling: ${name}`)
    continue
  }
  const full = `${(workers / caller).toFixed(1)} workers`
  const most = loop === undefined ? '' : `${(loop / caller).toFixed(1)}×`
  console.log(`| ${name} | ${ns(loop)} | ${ns(wall)} | ${ns(caller)} | ${ns(workers)} | ${full} | ${most} |`)
}
await pool.close()
