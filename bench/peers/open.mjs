/** Opens pools of other libraries, all alike: as many workers each, started and warm, the functions of `work/functions.mjs` in them. */
import { cpuCount } from 'everycore'
import { functions } from '../work/functions.mjs'

const MODULE = new URL('../work/functions.mjs', import.meta.url)

/** How each contender's pool is opened; nothing is imported before. */
const LIBRARIES = {
  piscina: async (options) => (await import('./piscina.mjs')).open({ ...options, atomics: 'sync' }),
  'piscina without atomics': async (options) =>
    (await import('./piscina.mjs')).open({ ...options, atomics: 'disabled' }),
  tinypool: async (options) => (await import('./tinypool.mjs')).open(options),
  workerpool: async (options) => (await import('./workerpool.mjs')).open(options),
  poolifier: async (options) => (await import('./poolifier.mjs')).open(options),
  'jest-worker': async (options) => (await import('./jest-worker.mjs')).open(options),
  everycore: async (options) => (await import('./everycore.mjs')).open(options),
  'plain worker': async (options) => (await import('./plain-worker.mjs')).open(options),
}

/** The peers that most workloads are run against. */
export const PEERS = ['piscina', 'piscina without atomics', 'tinypool', 'workerpool', 'poolifier', 'jest-worker']

/** Settings that suit many calls of the same small cost: a worker is sent some more before it has answered. */
export const SMALL_CALLS = { ahead: 16 }
/** Settings that suit calls of unlike or of considerable cost: a worker gets one at a time. */
export const LARGE_CALLS = { ahead: 1 }

/** Opens one library's pool; its workers may still be starting. */
export function openPool(library, { ahead } = LARGE_CALLS) {
  return LIBRARIES[library]({ module: MODULE, workers: cpuCount(), ahead, names: Object.keys(functions) })
}

/** Opens one library's pool, and resolves when its workers are up. */
export async function openPeer(library, settings) {
  const pool = await openPool(library, settings)
  await pool.ready?.()
  await Promise.all(Array.from({ length: 8 }, (_, i) => pool.call('increment', i)))
  return pool
}

/** Pools by their settings: those that a process has opened serve all workloads that it runs. */
const opened = new Map()

/** Opens the pools of some libraries: `{ call(name, item), move?(name, item, transfer) }` by contender. */
export async function openPeers({ settings = LARGE_CALLS, libraries = PEERS } = {}) {
  const pools = {}
  for (const library of libraries) {
    const key = `${library} ${settings.ahead}`
    let pool = opened.get(key)
    if (pool === undefined) opened.set(key, (pool = openPeer(library, settings)))
    pools[library] = pool
  }
  for (const library of libraries) pools[library] = await pools[library]
  return pools
}

/** Closes whatever this process has opened. */
export async function closePeers() {
  const pools = [...opened.values()]
  opened.clear()
  for (const pool of pools) await (await pool).close()
}
