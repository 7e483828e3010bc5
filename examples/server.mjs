// A server that leaves well. `GET /some-text?rounds=1000` hashes in a worker, `GET /health` tells how the pool is. Told to stop (SIGTERM), it answers
// what it has accepted, and exits with 0.
import { createServer } from 'node:http'
import { createPool } from 'everycore'

/** What is not answered so many ms after the order to stop is given up. */
const DRAIN_MS = Number(process.env.DRAIN_MS ?? 10_000)

const pool = createPool({ maxQueue: 10_000, memoryLimit: 2 ** 30 })

function digest(text, rounds) {
  const { createHash } = require('node:crypto')
  let bytes = Buffer.from(text)
  for (let i = 0; i < rounds; i++) bytes = createHash('sha256').update(bytes).digest()
  return bytes.toString('hex')
}

/** What a client may try again elsewhere. */
const UNAVAILABLE = new Set(['ERR_QUEUE_FULL', 'ERR_CLOSED', 'ERR_CANCELLED'])

async function answer({ url }, response) {
  const { pathname, searchParams } = new URL(url, 'http://localhost')
  // The last of its connection, so that the server can close.
  if (stopping) response.setHeader('connection', 'close')
  if (pathname === '/health') {
    const stats = pool.stats()
    response.writeHead(stats.health === 'ok' && !stopping ? 200 : 503).end(JSON.stringify(stats))
    return
  }
  try {
    response.end(await pool.run(digest, [pathname.slice(1), Number(searchParams.get('rounds') ?? 1)]))
  } catch (error) {
    response.writeHead(UNAVAILABLE.has(error.code) ? 503 : 500).end(error.message)
  }
}

let stopping = false

function stop() {
  stopping = true
  // No new connections. Once all requests are answered the pool has nothing to do, and with it the process.
  server.close(() => pool.close())
  server.closeIdleConnections()
  // What takes too long is cancelled, its worker stopped, its client told. Not a reason to stay.
  setTimeout(() => pool.close({ cancelPending: true }), DRAIN_MS).unref()
}

const server = createServer(answer)
server.listen(Number(process.env.PORT ?? 0), () => console.log(`listening on ${server.address().port}`))
process.once('SIGTERM', stop)
process.once('SIGINT', stop)
