/** The same names for `import`: one instance of everything, whichever way it is loaded. */
export * from './testing.ts'
