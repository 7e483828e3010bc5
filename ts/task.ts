/** `task`: declares an exported function of this very module, so that calling it runs it in a worker, which imports the module. */
import { setTimeout as sleep } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { LoadError, OptionError } from './errors.ts'
import { describe } from './errors/describe.ts'
import type { Job } from './job.ts'
import { register } from './module-functions.ts'
import type { ModuleFunction } from './pool/recipe.ts'
import { call } from './run.ts'
import type { WorkerFunction } from './types.ts'
import type { RunOptions } from './options/interfaces.ts'

type AnyFunction = (...args: never[]) => unknown

/** `import.meta`, or CommonJS's `module`. */
export type ModuleSelf =
  | { readonly url: string }
  | { readonly filename: string; readonly exports: unknown; readonly loaded: boolean }

/** How long a call waits for its module to finish evaluating, which a module that waits for this call never will. */
const EVALUATION_MS = 100

/**
 * Wraps `fn`, which must be exported by the module that calls this: `export const hash = task(import.meta, (file: string) => …)`, or in CommonJS
 * `exports.hash = task(module, …)`. Workers import that module, so it belongs in a file without side effects.
 *
 * @throws OptionError when `self` is no module or `fn` no function
 */
export function task<F extends AnyFunction>(self: ModuleSelf, fn: F, options?: RunOptions): WorkerFunction<F> {
  if (typeof fn !== 'function') throw new OptionError(`task: fn must be a function, got ${describe(fn)}`)
  const url = urlOf(self)
  const stand = (...args: unknown[]): Job<unknown, unknown> => call(stand as never, args, options, stand as never)
  Object.defineProperty(stand, 'name', { value: fn.name })
  let located: Promise<ModuleFunction> | ModuleFunction | undefined
  const locate = (): Promise<ModuleFunction> | ModuleFunction => {
    if (located !== undefined) return located
    const search = find(self, url, stand).then((name) => (located = { kind: 'module', url, name }))
    // A search that failed is repeated: the module may have been evaluated by the next call.
    search.catch(() => (located = undefined))
    return (located = search)
  }
  return register(stand, { url, name: undefined, fn, locate }) as unknown as WorkerFunction<F>
}

function urlOf(self: ModuleSelf): string {
  if (typeof self === 'object' && self !== null) {
    if ('url' in self && typeof self.url === 'string') return self.url
    if ('filename' in self && typeof self.filename === 'string') return pathToFileURL(self.filename).href
  }
  throw new OptionError('task: the first argument must be import.meta, or module in CommonJS')
}

/** The name under which the module exports the task. */
async function find(self: ModuleSelf, url: string, stand: AnyFunction): Promise<string> {
  if ('exports' in self) {
    if (!self.loaded) await new Promise(setImmediate)
    if (!self.loaded) throw stillEvaluating(url)
    return nameIn([self.exports], stand) ?? notExported(url)
  }
  const evaluated = import(url) as Promise<Record<string, unknown>>
  // The timer keeps the process: a module that waits for this call would otherwise end it, with nothing left to wait for.
  const found = new AbortController()
  // A customised loader may take long to answer under load: the wait begins when it has answered a question that was asked later.
  const late = import('node:path')
    .then(() => sleep(EVALUATION_MS, undefined, { signal: found.signal }))
    .catch(() => undefined)
  const module = await Promise.race([evaluated, late]).finally(() => found.abort())
  if (module === undefined) throw stillEvaluating(url)
  return nameIn([module, module['default']], stand) ?? notExported(url)
}

function nameIn(holders: readonly unknown[], stand: AnyFunction): string | undefined {
  for (const holder of holders) {
    if (holder === stand) return 'default'
    if ((typeof holder !== 'object' && typeof holder !== 'function') || holder === null) continue
    for (const name of Object.keys(holder)) {
      const property = Object.getOwnPropertyDescriptor(holder, name)
      if (property !== undefined && (property.get === undefined ? property.value : property.get.call(holder)) === stand)
        return name
    }
  }
  return undefined
}

function stillEvaluating(url: string): LoadError {
  return new LoadError(
    `a task of ${url} was called while that module was still being evaluated, so a worker could not import it: move the tasks to a file of their own`,
  )
}

function notExported(url: string): never {
  throw new LoadError(
    `a task of ${url} cannot be run by workers, because the module does not export it: write export const name = task(import.meta, fn)`,
  )
}
