/** Prints how long this process took from its start to the first result of one library. */
import { openPool } from '../peers/open.mjs'

const [library] = process.argv.slice(2)
const pool = await openPool(library)
await pool.call('increment', 1)
const ms = performance.now()
await pool.close()
console.log(JSON.stringify(ms))
process.exit()
