/** Packs the package and its platform package, installs both tarballs into an empty folder, and runs programs there: what a user gets, without Rust. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const WINDOWS = process.platform === 'win32'

/** The environment of a user without Rust: node is found, cargo is not, and no loader of the test runner's is inherited. */
const withoutRust = (): NodeJS.ProcessEnv => {
  const { NODE_OPTIONS: _, ...env } = process.env
  const folders = (env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => !existsSync(join(folder, WINDOWS ? 'cargo.exe' : 'cargo')))
  return { ...env, PATH: [dirname(process.execPath), ...folders].join(delimiter) }
}

export interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command to its end, in `cwd`. */
export function run(command: string, args: readonly string[], cwd: string): Ran {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd,
    env: withoutRust(),
    encoding: 'utf8',
    shell: WINDOWS && command === 'npm',
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  })
  if (error) throw error
  return { status, stdout, stderr }
}

function npm(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = run('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund'], cwd)
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed\n${stderr}`)
  return stdout
}

export interface Tarball {
  readonly name: string
  readonly path: string
  readonly files: readonly string[]
}

/** Packs the package in `folder` into `into`. */
export function pack(folder: string, into: string): Tarball {
  const [{ name, filename, files }] = JSON.parse(npm(['pack', '--json', '--pack-destination', into], folder))
  return { name, path: join(into, filename), files: files.map((file: { path: string }) => file.path) }
}

/** A temporary folder with both packages installed from their tarballs. */
export class Installed {
  readonly folder: string
  readonly main: Tarball
  readonly platform: Tarball

  constructor() {
    this.folder = mkdtempSync(join(realpathSync(tmpdir()), 'everycore-packed-'))
    const tarballs = join(this.folder, 'tarballs')
    mkdirSync(tarballs)
    this.main = pack(ROOT, tarballs)

    // The platform package as it is published: its committed manifest with the built addon beside it.
    const addon = readdirSync(ROOT).find((name) => name.endsWith('.node'))!
    const staged = join(this.folder, 'platform')
    cpSync(join(ROOT, 'npm', addon.split('.')[1]!), staged, { recursive: true })
    cpSync(join(ROOT, addon), join(staged, addon))
    this.platform = pack(staged, tarballs)

    this.write('package.json', '{ "private": true }')
    npm(['install', '--offline', this.main.path, this.platform.path], this.folder)
  }

  write(name: string, source: string): void {
    writeFileSync(join(this.folder, name), source)
  }

  /** Writes a program and runs it on this Node. */
  program(name: string, source: string, nodeArguments: readonly string[] = []): Ran {
    this.write(name, source)
    return run(process.execPath, [...nodeArguments, name], this.folder)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}
