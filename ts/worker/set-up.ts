/** A pool's `setup`: runs in each worker before any work. */
import { LoadError } from '../errors.ts'
import type { FunctionSource } from '../pool/recipe.ts'
import type { Desk } from './desk.ts'

/** A function, or a module whose default export, if it is a function, is called once the module has been imported. */
export type Setup =
  | { readonly kind: 'import'; readonly url: string }
  | { readonly kind: 'call'; readonly fn: FunctionSource }

export async function setUp(desk: Desk, setup: Setup | undefined): Promise<void> {
  if (setup === undefined) return
  if (setup.kind === 'call') {
    const fn = await desk.functions.load(setup.fn, 'setup')
    await fn()
    return
  }
  let module: { default?: unknown }
  try {
    module = (await import(setup.url)) as { default?: unknown }
  } catch (cause) {
    throw new LoadError(`cannot load the pool's setup module ${setup.url}: ${String(cause)}`, { cause })
  }
  if (typeof module.default === 'function') await (module.default as () => unknown)()
}
