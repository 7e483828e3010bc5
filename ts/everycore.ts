/** Root of the built package's file `everycore.js`: the caller's side. */
export * from '../index.ts'
export * from '../testing.ts'
