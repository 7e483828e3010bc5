/** Runs a script of this folder in a fresh process, for what only a fresh process can show: start-up, memory, idleness. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const execute = promisify(execFile)

/** Resolves with what the script printed last, read as JSON. `script` is relative to `bench/`. */
export async function fresh(script, ...args) {
  const path = fileURLToPath(new URL(`../${script}`, import.meta.url))
  const { stdout } = await execute(process.execPath, ['--expose-gc', path, ...args.map(String)])
  return JSON.parse(stdout.trim().split('\n').at(-1))
}
