/** Prints how many MiB of resident memory a started worker of one library adds to this process. */
import { setTimeout as sleep } from 'node:timers/promises'
import { cpuCount } from 'everycore'
import { loadLibrary, openPeer } from '../peers/open.mjs'

const [library, settleMs] = process.argv.slice(2)
// The library itself belongs to the process, not to its workers.
await loadLibrary(library)

async function resident() {
  await sleep(Number(settleMs))
  gc()
  return process.memoryUsage.rss()
}

const before = await resident()
const pool = await openPeer(library)
const after = await resident()
await pool.close()
console.log(JSON.stringify((after - before) / cpuCount() / 2 ** 20))
process.exit()
