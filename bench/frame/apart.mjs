/** The other end of `conductApart`: one workload, alone in a process that nothing else has warmed up or filled. */
import { conduct } from './conduct.mjs'

const [name, rounds] = process.argv.slice(2)
const result = await conduct(name, { rounds: Number(rounds) })
// Whatever pools the workload left open end with the process.
process.send(result, () => process.exit())
