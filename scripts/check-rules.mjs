/** Checks rules that no linter knows: what each layer may depend on, and that the lock file suits every registry. */
import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

let failed = false

/** Prints one check; `offenders` is what breaks the rule. */
function check(rule, offenders) {
  failed ||= offenders.length > 0
  console.log(offenders.length === 0 ? `ok ${rule}` : `not ok ${rule}: ${offenders.join(', ')}`)
}

const metadata = JSON.parse(
  execFileSync('cargo', ['metadata', '--no-deps', '--format-version', '1'], { encoding: 'utf8', maxBuffer: 1 << 26 }),
)
const crates = metadata.packages.map(({ name }) => name).filter((name) => name !== 'everycore-binding')
for (const name of crates) {
  const tree = execFileSync('cargo', ['tree', '-p', name, '--edges', 'normal,build', '--prefix', 'none'], {
    encoding: 'utf8',
  })
  const napi = tree.split('\n').filter((line) => /^napi\b|^napi-/.test(line))
  check(`${name} does not depend on napi`, napi)
}

const core = readFileSync('crates/core/src/lib.rs', 'utf8')
check('everycore-core forbids unsafe code', core.includes('#![forbid(unsafe_code)]') ? [] : ['crates/core/src/lib.rs'])

const sources = readdirSync('ts', { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .map((name) => join('ts', name))
const importers = [...sources, 'index.ts', 'index.mts', 'testing.ts', 'testing.mts'].filter((path) =>
  /['"]#binding['"]/.test(readFileSync(path, 'utf8')),
)
check(
  'only ts/binding.ts imports the addon',
  importers.filter((path) => path !== join('ts', 'binding.ts')),
)

const hosts = readFileSync('package-lock.json', 'utf8').match(/"resolved": ".*"/g) ?? []
check('the lock file names no registry', hosts.slice(0, 3))

const catalogue = readFileSync('docs/reliability.md', 'utf8').matchAll(/^\| (\d+) \|.*\| (.*) \|$/gm)
const tests = new Map(
  [...catalogue].map(([, row, cell]) => [Number(row), [...cell.matchAll(/`([^`]+)`/g)].map(([, path]) => path)]),
)
check(
  'each fault of the catalogue has a test',
  Array.from({ length: 43 }, (_, i) => i + 1).filter(
    (row) => !(tests.get(row)?.length > 0 && tests.get(row).every(existsSync)),
  ),
)

process.exitCode = failed ? 1 : 0
