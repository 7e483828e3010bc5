/** Root of the built package's file `worker.js`: what a worker's thread runs, and those functions of ours that it imports when a job names them. */
import { startWorker } from './worker/entry.ts'

export { mergeValues, runChain } from './iter/in-worker.ts'
export { dealRun, sortRun } from './sort/in-worker.ts'

startWorker()
