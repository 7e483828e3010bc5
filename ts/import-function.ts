/** Imports a function from its module, on whichever thread: by its name, as ES modules export it or as CommonJS ones do. */
import { LoadError } from './errors.ts'
import type { ModuleFunction } from './pool/recipe.ts'

type AnyFunction = (...args: never[]) => unknown

/** Imports a module's function. Node caches the module; a CommonJS one shows its exports under `default` too. */
export async function importFunction({ url, name }: ModuleFunction): Promise<AnyFunction> {
  let module: Record<string, unknown>
  try {
    module = (await import(url)) as Record<string, unknown>
  } catch (cause) {
    throw new LoadError(`cannot load ${url}: ${describe(cause)}`, { cause })
  }
  const found = pick(module, name)
  if (typeof found === 'function') return found as AnyFunction
  const names = Object.keys(module).filter((key) => typeof module[key] === 'function')
  const hint = names.length > 0 ? `it exports ${names.join(', ')}` : 'it exports no functions'
  throw new LoadError(`${url} has no function called ${JSON.stringify(name)}; ${hint}`)
}

function pick(module: Record<string, unknown>, name: string): unknown {
  if (Object.hasOwn(module, name) && (name !== 'default' || typeof module['default'] === 'function'))
    return module[name]
  const exports = module['default'] as Record<string, unknown> | null | undefined
  const holder =
    (typeof exports === 'object' && exports !== null) || typeof exports === 'function' ? exports : undefined
  return holder === undefined ? undefined : holder[name]
}

function describe(cause: unknown): string {
  try {
    return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
  } catch {
    return 'it threw something that cannot be described'
  }
}
