// The recipe of `examples/server.mjs`: told to stop under load, a server answers what it has accepted, and exits by itself with 0.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { Agent, get } from 'node:http'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import type { PoolStats } from 'everycore'

const SERVER = fileURLToPath(new URL('../examples/server.mjs', import.meta.url))
// Windows has no signals: what is sent there ends a process at once.
const onPosix = process.platform === 'win32' ? test.skip : test

interface Answer {
  readonly status: number
  readonly body: string
}

class Server {
  readonly #process
  readonly ended: Promise<[number | null, NodeJS.Signals | null]>
  readonly #port: Promise<number>
  readonly #agent = new Agent({ keepAlive: true, maxSockets: Infinity })
  answered = 0
  stderr = ''

  constructor(env: Record<string, string> = {}) {
    this.#process = spawn(process.execPath, [SERVER], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_OPTIONS: '', PORT: '0', ...env },
    })
    this.ended = once(this.#process, 'close') as Promise<[number | null, NodeJS.Signals | null]>
    this.#process.stderr.setEncoding('utf8').on('data', (text: string) => (this.stderr += text))
    this.#port = new Promise((resolve) => {
      let out = ''
      this.#process.stdout.setEncoding('utf8').on('data', (text: string) => {
        const port = /listening on (\d+)\n/.exec((out += text))?.[1]
        if (port !== undefined) resolve(Number(port))
      })
    })
  }

  async get(path: string): Promise<Answer> {
    const port = await this.#port
    return new Promise((resolve, reject) => {
      get({ port, path, agent: this.#agent }, (response) => {
        let body = ''
        response.setEncoding('utf8').on('data', (text: string) => (body += text))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body }))
        response.on('error', reject)
      }).on('error', reject)
    })
  }

  /** Asks for so many digests; resolves once the pool has all of them. */
  async load(paths: readonly string[]): Promise<Promise<Answer>[]> {
    const answers = paths.map((path) => this.get(path).finally(() => this.answered++))
    for (const answer of answers) answer.catch(() => {})
    for (;;) {
      const before = this.answered
      const { queueLength, running } = JSON.parse((await this.get('/health')).body) as PoolStats
      if (before + queueLength + running >= paths.length) return answers
    }
  }

  stop(): void {
    this.#process.kill('SIGTERM')
  }
}

onPosix('what was accepted is answered, on connections that were to stay open too', async (t) => {
  const server = new Server()
  const plain = await server.get('/a')
  t.deepEqual(plain, { status: 200, body: 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb' })
  const answers = await server.load(Array.from({ length: 40 }, (_, i) => `/text-${i}?rounds=5000`))
  server.stop()
  const all = await Promise.all(answers)
  t.true(all.every(({ status, body }) => status === 200 && /^[\da-f]{64}$/.test(body)))
  t.is(new Set(all.map(({ body }) => body)).size, 40)
  t.deepEqual(await server.ended, [0, null])
  t.is(server.stderr, '')
})

onPosix('what takes too long is given up, its client told, and nothing hangs', async (t) => {
  const server = new Server({ DRAIN_MS: '300' })
  const answers = await server.load(['/x?rounds=Infinity', '/y?rounds=Infinity', '/z?rounds=Infinity', '/a?rounds=1'])
  server.stop()
  const [x, y, z] = await Promise.all(answers)
  for (const one of [x, y, z])
    t.deepEqual(one, { status: 503, body: 'the pool was closed before this call had finished' })
  t.deepEqual(await server.ended, [0, null])
  t.is(server.stderr, '')
})

onPosix('nothing is underway: it leaves at once', async (t) => {
  const server = new Server()
  t.is((await server.get('/health')).status, 200)
  server.stop()
  t.deepEqual(await server.ended, [0, null])
})
