// Runs a fixture script in a process of its own, with a deadline: what hangs is killed, and shows as a signal.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface ChildOptions {
  /** Flags of Node, before the script. */
  flags?: readonly string[]
  args?: readonly string[]
  env?: Readonly<Record<string, string>>
  /** Ms until it is killed. */
  deadline?: number
  /** Called whenever it has printed more, with all that it has printed so far. */
  heard?(stdout: string, running: ChildProcess): void
}

export interface ChildEnd {
  code: number | null
  signal: NodeJS.Signals | null
  stdout: string
  stderr: string
}

/** `script` is a file of `fixtures/faults`. */
export function child(script: string, options: ChildOptions = {}): Promise<ChildEnd> {
  const { flags = [], args = [], env = {}, deadline = 20_000, heard } = options
  const path = fileURLToPath(new URL(`../fixtures/faults/${script}`, import.meta.url))
  const running = spawn(process.execPath, [...flags, path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Without the flags of the test runner, which would load its TypeScript hooks there.
    env: { ...process.env, NODE_OPTIONS: '', NODE_DEBUG: '', ...env },
    detached: process.platform !== 'win32',
  })
  // With the processes that it has started: one that stays holds the pipes open.
  const killAll = (): void => {
    try {
      if (process.platform === 'win32') running.kill()
      else process.kill(-running.pid!, 'SIGKILL')
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
    }
  }
  return new Promise((resolve, reject) => {
    let stdout = ''
    let stderr = ''
    running.stdout.setEncoding('utf8').on('data', (text: string) => {
      stdout += text
      heard?.(stdout, running)
    })
    running.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    const timer = setTimeout(killAll, deadline)
    running.once('error', (error) => {
      clearTimeout(timer)
      reject(error)
    })
    running.once('exit', killAll)
    running.once('close', (code, signal) => {
      clearTimeout(timer)
      resolve({ code, signal, stdout, stderr })
    })
  })
}
