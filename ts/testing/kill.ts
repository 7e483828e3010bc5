/** `kill`: the death of a worker, at a moment of the test's choice. */
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import type { Home } from '../pool/home.ts'
import type { Host } from '../pool/host.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { homeOf } from './home-of.ts'

/**
 * Ends a worker at once, as a crash would: what runs in it fails with `ERR_WORKER_EXIT`, all else goes on in another one. `worker` is its slot, as in
 * `ctx.worker`; `'busy'` is the first that runs something, waited for while anything is queued. Resolves when the thread has ended and its items have failed.
 *
 * @param pool by default the shared one
 * @throws OptionError for a slot without a worker, and for `'busy'` where nothing runs and nothing waits
 * @example
 * ```ts
 * const failed = assert.rejects(run(() => { for (;;); }), { code: 'ERR_WORKER_EXIT' })
 * await kill('busy')
 * await failed
 * ```
 */
export async function kill(worker: number | 'busy', pool?: PoolHandle): Promise<void> {
  if (worker !== 'busy' && !Number.isInteger(worker))
    throw new OptionError(`kill: worker must be a slot or 'busy', got ${describe(worker)}`)
  const home = homeOf('kill', pool)
  await home.crash(worker === 'busy' ? await busy(home) : at(home, worker))
}

function at(home: Home, slot: number): Host {
  const hosts = [...home.hosts]
  const host = hosts.find((one) => one.slot === slot)
  if (host !== undefined) return host
  const there = hosts.length === 0 ? 'none' : hosts.map((one) => one.slot).join(', ')
  throw new OptionError(`kill: pool '${home.settings.name}' has no worker ${slot}; it has ${there}`)
}

/** A worker begins what was queued in its own time, and nobody is told: so the question is asked each turn. */
async function busy(home: Home): Promise<Host> {
  for (;;) {
    const slots = home.native.runningSlots()
    const host = [...home.hosts].find((one) => slots.includes(one.slot))
    if (host !== undefined) return host
    if (home.openJobs === 0)
      throw new OptionError(`kill: no worker of pool '${home.settings.name}' is busy, and nothing waits for one`)
    await new Promise((resolve) => setImmediate(resolve))
  }
}
