/** Which free variables a worker can be given: helpers that compilers put around functions, told by use or by name. */
import type { FunctionVariable } from './analysis.ts'
import { helpers } from './helpers/index.ts'

/** A name in a shipped source, and what the worker puts there. */
export interface Supply {
  readonly name: string
  /** `import`, `require`, or the name of one of our own implementations in `helpers/`. */
  readonly helper: string
}

/** Under which names bundlers and test runners put `import()` and `require`. */
const LOADERS: ReadonlyMap<string, string> = new Map([
  ['require', 'require'],
  ['__require', 'require'],
  ['__vite_ssr_dynamic_import__', 'import'],
  ['__vitest_ssr_dynamic_import__', 'import'],
])

/** What to supply for `variable`; undefined if it is a capture. */
export function supplyFor(variable: FunctionVariable): Supply | undefined {
  if (variable.references.some((it) => it.write)) return undefined
  const helper = LOADERS.get(variable.name) ?? byName(variable.name) ?? byUse(variable)
  return helper === undefined ? undefined : { name: variable.name, helper }
}

/** Is this variable a way to load modules, so that a relative path in it is refused? */
export function isLoader(variable: FunctionVariable): boolean {
  return LOADERS.has(variable.name)
}

/** By what all mentions do with it, where the name says nothing: minified ones. */
function byUse({ role, name, members }: FunctionVariable): string | undefined {
  if (role === 'counter') return '__counter'
  // esbuild's `__asyncGenerator` looks the same; but what it makes cannot be used without helpers that are captures.
  if (role === 'awaiter') return '__awaiter'
  // `tslib_1.__awaiter`: an imported module of which only helpers are used.
  if (role === 'members' && members.every((it) => it.startsWith('__') && Object.hasOwn(helpers, it))) return '__library'
  // `x(fn, "text")` could also be somebody's `memoize(fn, "key")`; minifiers leave one or two letters, people do not.
  if (role === 'naming' && name.length <= 2) return '__name'
  return undefined
}

/** By the names compilers give, with the digits bundlers append to keep them apart. */
function byName(name: string): string | undefined {
  if (Object.hasOwn(helpers, name)) return name
  const plain = name.replace(/\$?\d+$/, '')
  return Object.hasOwn(helpers, plain) ? plain : undefined
}
