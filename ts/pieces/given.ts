/** A user's function on its way into one of our own that runs in workers: where it comes from, as data. */
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import { sourceOf } from '../functions.ts'
import { nameOf } from '../function-name.ts'
import { importFunction } from '../import-function.ts'
import { rawTask } from '../module-functions.ts'
import { mainModule } from '../pool/main-module.ts'
import { isBuiltIn } from '../pool/recipe.ts'
import type { FunctionSource } from '../pool/recipe.ts'
import { assemble } from '../shipping/assemble.ts'
import { isAsync } from '../shipping/lane-of.ts'
import { referenceOf } from '../module-functions.ts'
import { deskHere } from '../worker/here.ts'

type AnyFunction = (...args: unknown[]) => unknown

/** Plain data. */
export interface GivenFunction {
  readonly source: FunctionSource
  readonly name: string
  /** Of the language or of Node: it gets no context, for it may take it for something else. */
  readonly bare: boolean
}

/**
 * Describes a function that is to run in workers and must not be async.
 *
 * @throws OptionError, CaptureError
 */
export function giveFunction(what: string, fn: unknown): GivenFunction | Promise<GivenFunction> {
  if (typeof fn !== 'function') throw new OptionError(`${what} must be a function, got ${describe(fn)}`)
  if (referenceOf(fn) === undefined && isAsync(fn as AnyFunction))
    throw new OptionError(`${what} must be a sync function, for it runs in workers, but '${nameOf(fn)}' is async`)
  const source = sourceOf(fn as AnyFunction, { hasOn: false })
  const given = (found: FunctionSource): GivenFunction => ({
    source: found,
    name: nameOf(fn),
    bare: isBuiltIn(found),
  })
  return source instanceof Promise ? source.then(given) : given(source)
}

/** The function again, in a worker or wherever the process runs everything in order; a promise where its module is still to be imported. */
export function takeFunction({ source, name }: GivenFunction): AnyFunction | Promise<AnyFunction> {
  const desk = deskHere()
  if (desk !== undefined) return desk.functions.load(source, name)
  if (source.kind === 'module') return importFunction(source).then((fn) => rawTask(fn) as AnyFunction)
  return assemble(source, mainModule(), name) as AnyFunction
}
