/** Functions that stand for an export of a module: made by `workerModule` and `task`, run by importing that module in a worker. */
import { importFunction } from './import-function.ts'
import type { ModuleFunction } from './pool/recipe.ts'

type AnyFunction = (...args: never[]) => unknown

export interface ModuleReference {
  readonly url: string
  /** The export's name; a task's is found by identity, once its module has been evaluated. */
  readonly name: string | undefined
  /** The function itself, where it is at hand: a task's. */
  readonly fn: AnyFunction | undefined
  locate(): ModuleFunction | Promise<ModuleFunction>
}

const references = new WeakMap<object, ModuleReference>()

export function register<F extends object>(stand: F, reference: ModuleReference): F {
  references.set(stand, reference)
  return stand
}

export function referenceOf(fn: object): ModuleReference | undefined {
  return references.get(fn)
}

/** A task's own function, anything else as it is: what a worker runs when it has imported an export. */
export function rawTask(exported: object): object {
  return references.get(exported)?.fn ?? exported
}

/** The function of a module, to be run on this thread; a promise where the module must be imported first. */
export function localFunction(reference: ModuleReference): AnyFunction | Promise<AnyFunction> {
  return reference.fn ?? importHere(reference)
}

async function importHere(reference: ModuleReference): Promise<AnyFunction> {
  return rawTask(await importFunction(await reference.locate())) as AnyFunction
}
