/**
 * Prints how many MiB of resident memory this process had at most, above what it had before, while many records passed one lazy map. Workers are there
 * before: what one costs is a workload of its own.
 */
import { Readable } from 'node:stream'
import { lazyParMap, warmup } from 'everycore'
import { pMapIterable } from 'p-map'

const concurrency = 32
const [way, count] = process.argv.slice(2)

function* records() {
  for (let id = 0; id < Number(count); id++) yield { id, name: `item ${id}`, size: id % 1000, isNew: id % 2 === 0 }
}
const retitle = ({ id, name, isNew }) => ({ id, title: name, isNew })
const here = async (record) => retitle(record)

const maps = {
  'p-map': () => pMapIterable(records(), here, { concurrency }),
  'Readable.map': () => Readable.from(records()).map(here, { concurrency }),
  'everycore, on the caller': () => lazyParMap(records(), here, { concurrency }),
  'everycore, in workers': () => lazyParMap(records(), retitle),
}

if (way === 'everycore, in workers') await warmup()
gc()
const before = process.memoryUsage.rss()
let next = 0
for await (const { id } of maps[way]()) if (id !== next++) throw new Error(`record ${id} where ${next - 1} was due`)
if (next !== Number(count)) throw new Error(`${next} results`)
console.log(JSON.stringify(process.resourceUsage().maxRSS / 2 ** 10 - before / 2 ** 20))
process.exit()
