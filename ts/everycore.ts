/** Everything that one file of the built package holds, and the other files of `dist/` and the workers take from it. */
export * from '../index.ts'
export * from '../testing.ts'
export { mergeValues, runChain } from './iter/in-worker.ts'
export { dealRun, sortRun } from './sort/in-worker.ts'
export { startWorker } from './worker/entry.ts'
