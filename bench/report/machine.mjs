/** What was measured, and on what: without it figures mean nothing. */
import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os'
import { cpuCount } from 'everycore'
import { polarsVersion } from '../peers/polars.mjs'

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8')).version

/** Everything that takes part in a workload and has a version. */
const PACKAGES = [
  'piscina',
  'tinypool',
  'workerpool',
  'poolifier',
  'jest-worker',
  'p-map',
  'fastify',
  'autocannon',
  'terser',
  'marked',
  '@ts-morph/common',
  'bcryptjs',
]

export function machine() {
  return {
    everycore: read('../../package.json'),
    node: `${process.version} (V8 ${process.versions.v8})`,
    system: `${process.platform} ${process.arch} ${release()}`,
    processor: cpus()[0]?.model ?? 'unknown',
    threads: availableParallelism(),
    workers: cpuCount(),
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    load: loadavg()[0],
    versions: {
      ...Object.fromEntries(PACKAGES.map((name) => [name, read(`../../node_modules/${name}/package.json`)])),
      ...(polarsVersion !== undefined && { 'nodejs-polars': polarsVersion }),
    },
  }
}
