/** `workerModule`: the functions of a module, each of which runs in a worker when it is called or given to a verb. */
import { moduleUrl } from './functions.ts'
import type { Job } from './job.ts'
import { register } from './module-functions.ts'
import { run } from './run.ts'

type Stand = (...args: unknown[]) => Job<unknown, unknown>

/**
 * Nothing is imported on this thread. A name that the module does not export is found out by the first call of it, which rejects with `ERR_LOAD`.
 *
 * @throws OptionError for what is no URL
 */
export function workerModule(url: URL | string): object {
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
  })
}

function standFor(url: string, name: string): Stand {
  const stand: Stand = (...args) => run(stand as never, args as never) as Job<unknown, unknown>
  Object.defineProperty(stand, 'name', { value: name })
  const source = { kind: 'module', url, name } as const
  return register(stand, { url, name, fn: undefined, locate: () => source })
}
