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

/** How long the two loads last; the heavy one longer, so that it never lets up. */
const MEASURE = { light: { duration: 4 }, heavy: { duration: 5 } }
/** A self-test counts requests: on a machine that does much else none may come back within a short time. */
const TRY = { light: { amount: 40 }, heavy: { amount: 8 } }

/** Resolves with the latencies of a light load of a fixed rate, in ms, beside a heavy one if `busy`. */
async function latencies(url, { light, heavy }, busy) {
  const found = []
  const behind = busy && autocannon({ url: `${url}/heavy`, connections: 4, sampleInt: SAMPLE_MS, ...heavy })
  const load = autocannon({ url: `${url}/light`, connections: 20, overallRate: 400, sampleInt: SAMPLE_MS, ...light })
  load.on('response', (_client, status, _bytes, ms) => found.push(status === 200 ? ms : Infinity))
  await load
  await behind
  return found.toSorted((a, b) => a - b)
}

export async function open(quick) {
  const heavy = packed(1, stepsOf(quick ? 1 : 20))
  const answer = JSON.stringify({ result: mixPacked(heavy) })
  const [plain, piscina, everycore] = await Promise.all(
    ['plain', 'piscina', 'everycore'].map((library) => openServer(library, heavy)),
  )
  let problem
  const contender =
    ({ url }, busy) =>
    async () => {
      const body = await (await fetch(`${url}/heavy`)).text()
      const sorted = await latencies(url, quick ? TRY : MEASURE, busy)
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
