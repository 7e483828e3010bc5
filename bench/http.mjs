/** A server whose heavy route computes all the time: what becomes of its light route. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'
import { mixPacked, packed, stepsOf } from './work/mix.mjs'

export const title = 'Fastify: p99 of a light route while a heavy route of 20 ms computes'
export const goal = { piscina: 1 }
export const rounds = 4

// How often autocannon looks whether its time is up.
const SAMPLE_MS = 50
const SCRIPT = fileURLToPath(new URL('children/server.mjs', import.meta.url))

async function openServer(library, heavy) {
  const child = fork(SCRIPT, [library, String(heavy)])
  const [port] = await once(child, 'message')
  return { child, url: `http://127.0.0.1:${port}` }
}

/** Resolves with the latencies of a light load of a fixed rate, in ms, beside a heavy one that never lets up if `busy`. */
async function latencies(url, seconds, busy) {
  const found = []
  const heavy =
    busy && autocannon({ url: `${url}/heavy`, connections: 4, duration: seconds * 1.2, sampleInt: SAMPLE_MS })
  const light = autocannon({
    url: `${url}/light`,
    connections: 20,
    overallRate: 400,
    duration: seconds,
    sampleInt: SAMPLE_MS,
  })
  light.on('response', (_client, status, _bytes, ms) => found.push(status === 200 ? ms : Infinity))
  await light
  await heavy
  return found.toSorted((a, b) => a - b)
}

export async function open(quick) {
  const heavy = packed(1, stepsOf(quick ? 1 : 20))
  const answer = JSON.stringify({ result: mixPacked(heavy) })
  const seconds = quick ? 0.1 : 4
  const [plain, piscina, everycore] = await Promise.all(
    ['plain', 'piscina', 'everycore'].map((library) => openServer(library, heavy)),
  )
  let problem
  const contender =
    ({ url }, busy) =>
    async () => {
      const body = await (await fetch(`${url}/heavy`)).text()
      const sorted = await latencies(url, seconds, busy)
      problem = body !== answer ? 'wrong answer' : sorted.length === 0 ? 'no response' : undefined
      return [sorted[Math.floor(sorted.length * 0.99)]]
    }
  return {
    contenders: {
      'plain server, heavy route idle': contender(plain, false),
      'plain server, no pool': contender(plain, true),
      piscina: contender(piscina, true),
      everycore: contender(everycore, true),
    },
    check: () => problem,
    async close() {
      for (const { child } of [plain, piscina, everycore]) {
        child.disconnect()
        await once(child, 'exit')
      }
    },
  }
}
