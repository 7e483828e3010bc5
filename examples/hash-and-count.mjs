// Hashes every file under node_modules and counts its words: in a plain loop on one core, then with `parMap` on all of them.
//
// Usage: node examples/hash-and-count.mjs [folder]
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cpuCount, parMap, warmup, workerModule } from 'everycore'
import { hashAndCount } from './files.mjs'

const inWorkers = workerModule(new URL('files.mjs', import.meta.url))
const folder = process.argv[2] ?? fileURLToPath(new URL('../node_modules', import.meta.url))

const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .toSorted()

const number = (n) => n.toLocaleString('en')
const sum = (results, field) => results.reduce((total, result) => total + result[field], 0)

/** One digest over all of the results, to compare two runs by. */
const fingerprint = (results) => createHash('sha256').update(JSON.stringify(results)).digest('hex').slice(0, 12)

async function timed(work) {
  const start = performance.now()
  return { results: await work(), ms: performance.now() - start }
}

/** A line such as `one core     4.21 s  ██████`, its bar as long as `ms` is against `longest`. */
const line = (name, ms, longest) =>
  `  ${name.padEnd(12)} ${(ms / 1000).toFixed(2).padStart(6)} s  ${'█'.repeat(Math.max(1, Math.round((ms / longest) * 40)))}`

// Every file is read once and every worker started beforehand: neither run pays for a cold disk, nor for beginnings.
for (const path of paths) readFileSync(path)
await warmup()

const one = await timed(() => paths.map((path) => hashAndCount(path)))
console.log(
  `${number(paths.length)} files, ${number(Math.round(sum(one.results, 'size') / 1e6))} MB, ${number(sum(one.results, 'words'))} words\n`,
)
console.log(line('one core', one.ms, one.ms))

const all = await timed(() => parMap(paths, inWorkers.hashAndCount))
console.log(line(`${cpuCount()} workers`, all.ms, one.ms))

const same = fingerprint(one.results) === fingerprint(all.results)
console.log(
  `\n${(one.ms / all.ms).toFixed(2)} times as fast; the results ${same ? 'are the same' : 'DIFFER'} (${fingerprint(all.results)})`,
)
process.exitCode = same ? 0 : 1
