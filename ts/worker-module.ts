/** `workerModule`: the functions of a module, each of which runs in a worker when it is called or given to a verb. */
import { moduleUrl } from './functions.ts'
import type { Job } from './job.ts'
import { register } from './module-functions.ts'
import { call } from './run.ts'
import type { WorkerModuleOf } from './types.ts'

type Stand = (...args: unknown[]) => Job<unknown, unknown>

/**
 * The functions that a module exports: calling one runs it in a worker, which imports the module, so that imports and module state work there.
 * They are accepted wherever a function is.
 *
 * Nothing is imported on this thread. A name that the module does not export is found out by the first call of it, which rejects with `ERR_LOAD`.
 *
 * @throws OptionError for what is no URL
 * @example
 * ```ts
 * const img = workerModule<typeof import('./img.js')>(new URL('./img.js', import.meta.url))
 * const thumb = await img.thumb(file)
 * ```
 */
export function workerModule<M = unknown>(url: URL | string): WorkerModuleOf<M> {
  const href = moduleUrl(url, 'workerModule: the module')
  const stands = new Map<string, Stand>()
  // Without a prototype: a module may export `toString`, and every name of it means the module's own.
  return new Proxy(Object.create(null) as object, {
    get(_, name) {
      // To `await` and to anything that looks for symbols it is a plain object, not a promise or an iterable.
      if (typeof name === 'symbol' || name === 'then') return undefined
      let stand = stands.get(name)
      if (stand === undefined) stands.set(name, (stand = standFor(href, name)))
      return stand
    },
    set() {
      return false
    },
  }) as WorkerModuleOf<M>
}

function standFor(url: string, name: string): Stand {
  const stand: Stand = (...args) => call(stand as never, args, undefined, stand as never)
  Object.defineProperty(stand, 'name', { value: name })
  const source = { kind: 'module', url, name } as const
  return register(stand, { url, name, fn: undefined, locate: () => source })
}
