// How ava finds and loads the tests: TypeScript as ES modules, each file in a process of its own, against the built package.
export default {
  files: ['__test__/**/*.spec.ts'],
  extensions: { ts: 'module' },
  nodeArguments: ['--import=@oxc-node/core/register'],
  workerThreads: false,
  timeout: '60s',
  concurrency: 2,
}
