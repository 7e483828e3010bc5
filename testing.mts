// The same names for `import`: one instance of everything, whichever way it is loaded. A test keeps the list in step with testing.ts.
export { assertIdle, delay, fillQueue, kill, sequentially } from './testing.ts'
