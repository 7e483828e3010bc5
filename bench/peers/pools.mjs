/** The pools that `run` is compared with, all started: as many workers each, everything else as it comes. */
import { cpuCount, run, warmup, workerModule } from 'everycore'
import { Piscina } from 'piscina'

const MODULE = new URL('add.mjs', import.meta.url)

/** One function a contender: `add(a, b)` in a worker. */
export async function openPools() {
  const { add } = workerModule(MODULE)
  const piscina = new Piscina({ filename: MODULE.href, minThreads: cpuCount(), maxThreads: cpuCount() })
  const pools = {
    piscina: (a, b) => piscina.run([a, b]),
    everycore: (a, b) => run(add, [a, b]),
  }
  await warmup()
  for (const call of Object.values(pools)) await Promise.all(Array.from({ length: 1000 }, (_, i) => call(i, 1)))
  return { pools, close: () => piscina.destroy() }
}
