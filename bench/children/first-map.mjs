/** Prints how long the first map of this process takes, with warm workers whose code nobody has compiled yet. */
import { parMap, warmup } from 'everycore'
import { inChunks } from '../peers/by-hand.mjs'
import { CHUNKS, openPeer } from '../peers/open.mjs'
import { functions } from '../work/functions.mjs'
import { inWorkers } from '../work/maps.mjs'
import { stepsOf } from '../work/mix.mjs'

const CHUNKS_IN_ALL = 8

const [library, count] = process.argv.slice(2)
const steps = stepsOf(0.01)
const items = Array.from({ length: Number(count) }, (_, id) => ({ id, steps, label: 'record' }))
const map = await opened()
const start = performance.now()
const results = await map()
const ms = performance.now() - start
console.log(JSON.stringify(results.length === items.length ? ms : 'wrong'))
process.exit()

async function opened() {
  if (library === 'plain loop') return () => items.map((item) => functions.mixRecord(item))
  if (library === 'everycore') {
    await warmup()
    await parMap([1, 2, 3, 4, 5, 6, 7, 8], inWorkers.increment)
    return () => parMap(items, inWorkers.mixRecord)
  }
  const pool = await openPeer(library, CHUNKS)
  return () => inChunks(pool, 'mixRecord', items, CHUNKS_IN_ALL)
}
