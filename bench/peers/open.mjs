/** Opens pools of other libraries, all alike: as many workers each, started and warm, the functions of `work/functions.mjs` in them. */
import { cpuCount } from 'everycore'
import { functions } from '../work/functions.mjs'

const MODULE = new URL('../work/functions.mjs', import.meta.url)

/** Where each contender's pool is opened, and with which settings of its own; nothing is imported before it is asked for. */
const LIBRARIES = {
  piscina: { load: () => import('./piscina.mjs'), own: { atomics: 'sync' } },
  'piscina without atomics': { load: () => import('./piscina.mjs'), own: { atomics: 'disabled' } },
  tinypool: { load: () => import('./tinypool.mjs') },
  workerpool: { load: () => import('./workerpool.mjs') },
  poolifier: { load: () => import('./poolifier.mjs') },
  'jest-worker': { load: () => import('./jest-worker.mjs') },
  everycore: { load: () => import('./everycore.mjs') },
  'plain worker': { load: () => import('./plain-worker.mjs') },
}

/** The peers that most workloads are run against. */
export const PEERS = ['piscina', 'piscina without atomics', 'tinypool', 'workerpool', 'poolifier', 'jest-worker']

/** Settings that suit many calls of the same small cost: a worker is sent some more before it has answered. */
export const SMALL_CALLS = { ahead: 16 }
/** Settings that suit chunks: while one runs, the next one is with the worker already. */
export const CHUNKS = { ahead: 2 }
/** Settings that suit calls of unlike or of considerable cost: a worker gets one at a time. */
export const LARGE_CALLS = { ahead: 1 }

/** Imports one library, and opens nothing. */
export const loadLibrary = (library) => LIBRARIES[library].load()

/** Opens one library's pool; its workers may still be starting. */
export async function openPool(library, { ahead } = LARGE_CALLS) {
  const { open } = await loadLibrary(library)
  const common = { module: MODULE, workers: cpuCount(), ahead, names: Object.keys(functions) }
  return open({ ...common, ...LIBRARIES[library].own })
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
