/**
 * Kills workers at random while millions of items of all kinds run, and counts what becomes of each item.
 *
 * Usage: node bench/chaos/run.mjs [--seconds 120] [--rate 12] [--seed n] [--quick]
 * `--rate` is in kills a second. `--quick` plays for a few seconds only: a test that nothing is lost. The exit code tells of that, never of speed or memory.
 */
import { parseArgs } from 'node:util'
import { play } from './play.mjs'
import { growth } from './watch.mjs'

const { values } = parseArgs({
  options: {
    seconds: { type: 'string' },
    rate: { type: 'string', default: '12' },
    seed: { type: 'string' },
    quick: { type: 'boolean', default: false },
  },
})
const seconds = Number(values.seconds ?? (values.quick ? 9 : 120))
const seed = Number(values.seed ?? Date.now() % 2 ** 32)
const rate = Number(values.rate)
const phase = values.quick ? 3 : 5
if (![seconds, seed, rate].every((n) => n > 0)) throw new Error('--seconds, --rate and --seed must be numbers above 0')

// That tasks leave errors behind is meant here; all other warnings are of interest.
process.removeAllListeners('warning')
process.on('warning', (warning) => warning.code === 'EVERYCORE_STRAY' || console.log(String(warning)))

const thousands = (n) => Math.round(n).toLocaleString('en')
const table = (name, ...columns) => console.log(`${name.padEnd(34)}${columns.join('   ')}`)

console.log(`chaos: ${seconds} s, seed ${seed}, some ${rate} kills a second, Node.js ${process.versions.node}`)
const report = values.quick
  ? undefined
  : ({ calm, took, items, kills, cores, rss, threads }, judge) =>
      console.log(
        `${calm ? 'calm ' : 'kills'} ${thousands(items / took).padStart(9)} items/s ${(kills / took).toFixed(1).padStart(5)} kills/s` +
          ` ${cores.toFixed(1)} cores ${rss.toFixed(0).padStart(5)} MiB ${threads ?? '?'} threads, ${thousands(judge.items)} items so far`,
      )
const { judge, cells, killer, phases, unsettled, problems, before, after } = await play({
  seconds,
  phase,
  rate,
  seed,
  report,
})

/** Of some phases together. */
function speed(some) {
  const sum = (key) => some.reduce((total, one) => total + one[key], 0)
  return { items: sum('items') / sum('took'), kills: sum('kills') / sum('took') }
}
const calm = speed(phases.filter((one) => one.calm))
const disturbed = speed(phases.filter((one) => !one.calm))
// In the quiet phases more is underway at a time.
const rss = phases.filter((one) => !one.calm).map((one) => one.rss)
const doubled = judge.doubled + cells.late

table('items', thousands(judge.items))
table('kills', thousands(killer.kills), JSON.stringify(killer.deaths))
table('kills a second', disturbed.kills.toFixed(1))
table('lost', judge.lost)
table('doubled', doubled)
table('wrong', judge.wrong)
table('unsettled', unsettled.length)
table('items/s with kills, without', thousands(disturbed.items), thousands(calm.items))
table('ratio', (disturbed.items / calm.items).toFixed(2))
table('bystanders, kills from outside', judge.bystanders, killer.outside)
table('timed out without being endless', judge.slow)
table('RSS at start, before the end', `${rss[0].toFixed(0)} MiB`, `${rss.at(-1).toFixed(0)} MiB`)
table('RSS growth over the last 2/3', `${growth(rss).toFixed(1)} %`)
for (const key of ['threads', 'descriptors', 'handles'])
  if (before[key] !== undefined) table(`${key} before, during, after`, before[key], phases.at(-1)[key], after[key])

function check(what, holds) {
  console.log(`${holds ? 'ok' : 'not ok'} chaos: ${what}`)
  if (!holds) process.exitCode = 1
}
for (const note of [...judge.notes, ...problems, ...unsettled.map((name) => `unsettled: ${name}`)]) console.log(note)
check('no item is lost', judge.lost === 0)
check('no item begins twice', doubled === 0)
check('each outcome is its own', judge.wrong === 0)
check('everything settles', unsettled.length === 0 && problems.length === 0)
check('a death costs the item that ran, and no other', judge.bystanders <= killer.outside)
check('workers were killed', killer.kills > 0)
check('nothing is left', after.handles <= before.handles && !(after.descriptors > before.descriptors))
if (!values.quick) {
  // Of the machine as much as of us: they are told, and decide nothing.
  const goal = (what, met) => console.log(`${met ? 'met   ' : 'missed'} ${what}`)
  goal('10 million items', judge.items >= 1e7)
  goal('10 kills a second', disturbed.kills >= 10)
  goal('0.7 of the undisturbed speed', disturbed.items >= 0.7 * calm.items)
  goal('less than 5 % of RSS growth', growth(rss) < 5)
}
// A job that never settles would hold the process for ever.
if (unsettled.length > 0) process.exit()
