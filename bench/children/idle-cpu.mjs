/** Prints how many ms of CPU this process takes in some time after its pool has done some work and has nothing more to do. */
import { setTimeout as sleep } from 'node:timers/promises'
import { openPeer } from '../peers/open.mjs'

const [library, settleMs, ms] = process.argv.slice(2)
const pool = await openPeer(library)
for (let i = 0; i < 100; i++) await pool.call('increment', i)
await sleep(Number(settleMs))
const before = process.cpuUsage()
await sleep(Number(ms))
const { user, system } = process.cpuUsage(before)
await pool.close()
console.log(JSON.stringify((user + system) / 1000))
process.exit()
