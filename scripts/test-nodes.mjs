/**
 * Runs the tests on other lines of Node.js, one after the other: `npm run test:nodes` on all that are supported, `npm run test:nodes -- 24 ava package` on
 * one, and suites other than `ava`. What CI does on machines of its own, here on this one.
 *
 * The binaries are packages of the registry, installed once below `target/`; nothing else of the machine changes.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const LINES = ['20', '22', '24', '26']

const args = process.argv.slice(2)
const isLine = (text) => /^\d+(\.\d+)*$/.test(text)
const lines = args.some(isLine) ? args.filter(isLine) : LINES
const suites = args.filter((text) => !isLine(text))

/** Installs a line's newest release if it is not there; gives the path of its binary. */
function install(line) {
  const windows = process.platform === 'win32'
  const name = `node-${windows ? 'win' : process.platform}-${process.arch}`
  const folder = join(ROOT, 'target', 'nodes', line)
  const binary = join(folder, 'node_modules', name, 'bin', windows ? 'node.exe' : 'node')
  if (!existsSync(binary)) {
    mkdirSync(folder, { recursive: true })
    const { status } = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, `${name}@${line}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
      shell: windows,
    })
    if (status !== 0 || !existsSync(binary))
      throw new Error(`there is no Node.js ${line} for this platform: ${name}@${line}`)
  }
  return binary
}

const failed = []
for (const line of lines) {
  const node = install(line)
  const env = { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}` }
  const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' })
  console.log(`Node.js ${stdout.trim()}`)
  const script = join(ROOT, 'scripts', 'test.mjs')
  const { status } = spawnSync(node, [script, ...(suites.length === 0 ? ['ava'] : suites)], { stdio: 'inherit', env })
  if (status !== 0) failed.push(line)
}
console.log(failed.length === 0 ? 'all passed' : `failed on Node.js ${failed.join(', ')}`)
process.exitCode = failed.length === 0 ? 0 : 1
