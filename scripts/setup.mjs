/**
 * Makes a fresh clone ready to run: checks the tools, installs packages, builds the addon and the TypeScript.
 *
 * It needs no package itself, and does each step only if its inputs have changed since the step last succeeded.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

process.chdir(fileURLToPath(new URL('..', import.meta.url)))

// What each step was last made from; in `target/`, which belongs to this checkout alone.
const STAMPS = 'target/setup.json'

/** Says what is missing and what to do about it, and ends. */
function fail(message) {
  console.error(`everycore set-up: ${message}`)
  process.exit(1)
}

/** Runs one step with its output shown; its failure ends the set-up. */
function step(title, command, args) {
  console.error(`everycore set-up: ${title}`)
  // Output goes to stderr, so that a program started through the set-up has stdout for itself. A shell, for npm is a script on Windows.
  const { status, error } = spawnSync(command, args, {
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
    // Whatever this was called with: a failure must say why.
    env: { ...process.env, npm_config_loglevel: 'error' },
  })
  if (error || status !== 0) fail(`'${[command, ...args].join(' ')}' failed${error ? `: ${error.message}` : ''}`)
}

/** Compares dotted versions by their first two numbers. */
function older(version, least) {
  const [major, minor] = version.split('.').map(Number)
  const [leastMajor, leastMinor] = least.split('.').map(Number)
  return major < leastMajor || (major === leastMajor && minor < leastMinor)
}

function checkTools() {
  const node = JSON.parse(readFileSync('package.json', 'utf8')).engines.node.replace('>=', '')
  if (older(process.versions.node, node)) {
    fail(`Node.js ${node} or newer is needed, this is ${process.versions.node}. Install one from https://nodejs.org`)
  }
  const rust = /rust-version = "(.+?)"/.exec(readFileSync('Cargo.toml', 'utf8'))[1]
  let cargo
  try {
    cargo = execFileSync('cargo', ['--version'], { encoding: 'utf8' }).split(' ')[1]
  } catch {
    fail(`cargo was not found. Install Rust ${rust} or newer from https://rustup.rs, and see that cargo is on the PATH`)
  }
  if (older(cargo, rust)) fail(`Rust ${rust} or newer is needed, this is ${cargo}. Run 'rustup update'`)
}

/** Every file below the given files and folders, in a stable order. */
function* filesOf(paths) {
  for (const path of paths) {
    if (!existsSync(path)) continue
    if (!statSync(path).isDirectory()) yield path
    else
      yield* filesOf(
        readdirSync(path)
          .toSorted()
          .map((name) => join(path, name)),
      )
  }
}

/** One digest over names and contents: times say little after a checkout. */
function digest(paths) {
  const hash = createHash('sha256')
  for (const path of filesOf(paths)) hash.update(path).update('\0').update(readFileSync(path)).update('\0')
  return hash.digest('hex')
}

function installPackages() {
  const folder = lstatSync('node_modules', { throwIfNoEntry: false })
  // A linked folder is shared with another checkout, which looks after it.
  if (folder?.isSymbolicLink() && existsSync('node_modules')) return
  const installed = statSync('node_modules/.package-lock.json', { throwIfNoEntry: false })
  if (installed && installed.mtimeMs >= statSync('package-lock.json').mtimeMs) return
  step('installing packages', 'npm', ['ci', '--no-audit', '--no-fund'])
}

const CRATES = readdirSync('crates').flatMap((name) => [`crates/${name}/Cargo.toml`, `crates/${name}/src`])
const NATIVE_SOURCES = ['Cargo.toml', 'Cargo.lock', 'build.rs', 'src', ...CRATES, 'scripts/binding-header.txt']
const TS_SOURCES = [
  'index.ts',
  'index.mts',
  'testing.ts',
  'testing.mts',
  'ts',
  'tsconfig.json',
  'tsconfig.build.json',
  'scripts/bundle.mjs',
  'package-lock.json',
]

const readStamps = () => (existsSync(STAMPS) ? JSON.parse(readFileSync(STAMPS, 'utf8')) : {})

/** Runs `build` unless what it makes is there and was made from these very sources. */
function whenChanged(name, sources, made, build) {
  const wanted = `${process.platform}-${process.arch} ${digest(sources)}`
  if (made() && readStamps()[name] === wanted) return
  build()
  mkdirSync('target', { recursive: true })
  writeFileSync(STAMPS, `${JSON.stringify({ ...readStamps(), [name]: wanted }, undefined, 2)}\n`)
}

checkTools()
installPackages()
whenChanged(
  'native',
  NATIVE_SOURCES,
  () =>
    existsSync('binding.cjs') && existsSync('binding.d.cts') && readdirSync('.').some((name) => name.endsWith('.node')),
  () => step('building the addon', 'npm', ['run', '--silent', 'build:native']),
)
whenChanged(
  'typescript',
  [...TS_SOURCES, 'binding.d.cts'],
  () => existsSync('dist/worker.js') && existsSync('dist/index.mjs'),
  () => {
    rmSync('dist', { recursive: true, force: true })
    step('building the TypeScript', 'npm', ['run', '--silent', 'build:ts'])
  },
)
