/** `import` and `require` for shipped functions: they resolve as if written beside the process's main module. */
import { createRequire, Module } from 'node:module'
import { dirname, join } from 'node:path'
import { CaptureError } from '../errors.ts'
import { isRelative } from './refusal.ts'

export type Import = (specifier: unknown, options?: ImportCallOptions) => Promise<unknown>

interface Loaders {
  readonly import: Import
  readonly require: NodeJS.Require
}

const byFolder = new Map<string, Loaders>()

/** The loaders for a process whose main module is `main`. */
export function loadersFor(main: string | undefined): Loaders {
  const folder = main === undefined ? process.cwd() : dirname(main)
  let loaders = byFolder.get(folder)
  if (!loaders) {
    // A file that is not there, so that coverage and debuggers do not take our line for the user's first one.
    const beside = join(folder, '[everycore]')
    loaders = { import: importFrom(beside), require: requireFrom(beside) }
    byFolder.set(folder, loaders)
  }
  return loaders
}

/**
 * A dynamic import with another file as its origin. `node:vm` can do that with an option that is experimental and says
 * so on stderr; compiling a CommonJS module is how Node itself does it, makes no noise, and is no `eval`.
 */
function importFrom(filename: string): Import {
  const module = new Module(filename) as Module & { _compile(source: string, filename: string): void }
  // oxlint-disable-next-line no-underscore-dangle -- its name; loaders have called it by this name for ever
  module._compile('module.exports = (specifier, options) => import(specifier, options)', filename)
  const load = module.exports as Import
  return async (specifier, options) => load(absolute(specifier), options)
}

function requireFrom(filename: string): NodeJS.Require {
  const load = createRequire(filename)
  const resolve = (id: string, options?: { paths?: string[] }): string => load.resolve(absolute(id), options)
  const guarded = (id: string): unknown => load(absolute(id))
  return Object.assign(guarded, load, { resolve: Object.assign(resolve, load.resolve) })
}

/** A path put together at run time cannot be refused earlier. */
function absolute<T>(specifier: T): T {
  if (typeof specifier === 'string' && isRelative(specifier)) {
    const text = JSON.stringify(specifier)
    throw new CaptureError(`A shipped function cannot load ${text}: it has no file of its own. Use an absolute URL.`, {
      variables: [],
    })
  }
  return specifier
}
