/** The libraries behind one function: `open()` gives `{ call(task, item, { signal, file }), close() }`; `offers` names what not all of them have. */
import { fileURLToPath } from 'node:url'

const MODULE = new URL('module.mjs', import.meta.url)
const at = (file) => new URL(file ?? MODULE, import.meta.url)
const workerOf = (library) => fileURLToPath(new URL(`workers/${library}.mjs`, import.meta.url))

const WORKERS = 2
const resourceLimits = { maxOldGenerationSizeMb: 32 }

/** piscina, and tinypool, which descends from it. */
async function openByFile(Pool) {
  const pool = new Pool({ filename: MODULE.href, minThreads: WORKERS, maxThreads: WORKERS, resourceLimits })
  return {
    call: (name, item, { signal, file }) => pool.run(item, { name, signal, filename: at(file).href }),
    close: () => pool.destroy(),
  }
}

export const libraries = {
  everycore: {
    offers: ['abort', 'modules'],
    async open() {
      const { createPool, workerModule } = await import('everycore')
      const pool = createPool({ workers: WORKERS, resourceLimits })
      return {
        call: (name, item, { signal, file }) => pool.run(workerModule(at(file))[name], [item], { signal, grace: 0 }),
        close: () => pool.close({ timeout: 500 }),
      }
    },
  },
  piscina: {
    offers: ['abort', 'modules'],
    open: async () => openByFile((await import('piscina')).Piscina),
  },
  tinypool: {
    offers: ['abort', 'modules'],
    open: async () => openByFile((await import('tinypool')).Tinypool),
  },
  workerpool: {
    offers: ['abort'],
    async open() {
      const { default: workerpool } = await import('workerpool')
      const pool = workerpool.pool(workerOf('workerpool'), {
        workerType: 'thread',
        minWorkers: WORKERS,
        maxWorkers: WORKERS,
        workerThreadOpts: { resourceLimits },
      })
      return {
        call(name, item, { signal }) {
          const promise = pool.exec(name, [item])
          signal?.addEventListener('abort', () => void promise.cancel())
          return promise
        },
        close: () => pool.terminate(true),
      }
    },
  },
  poolifier: {
    offers: ['abort'],
    async open() {
      const { FixedThreadPool } = await import('poolifier')
      const pool = new FixedThreadPool(WORKERS, workerOf('poolifier'), { workerOptions: { resourceLimits } })
      // Or the death of a worker is that of the process.
      pool.emitter.on('error', () => {})
      return {
        call: (name, item, { signal }) => pool.execute(item, name, signal),
        close: () => pool.destroy(),
      }
    },
  },
}
