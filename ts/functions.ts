/** How a function reaches the workers: by the name of its module's export, or by its source. */
import { isAbsolute } from 'node:path'
import { pathToFileURL } from 'node:url'
import { addon } from './binding.ts'
import type { FunctionMeter } from './binding.ts'
import { OptionError } from './errors.ts'
import { referenceOf } from './module-functions.ts'
import type { FunctionSource } from './pool/recipe.ts'
import { ship } from './shipping/ship.ts'
import type { ShipOptions } from './shipping/ship.ts'
import type { Setup } from './worker/set-up.ts'

type AnyFunction = (...args: never[]) => unknown

/** Functions whose run times are remembered; beyond them the longest unused is forgotten. */
const REMEMBERED = 1000

/** @throws CaptureError when a plain function cannot stand alone */
export function sourceOf(fn: AnyFunction, options?: ShipOptions): FunctionSource | Promise<FunctionSource> {
  return referenceOf(fn)?.locate() ?? ship(fn, options)
}

const meters = new Map<string, FunctionMeter>()

/** What is known of a function's run time, whichever function object of this source or export it is asked by. */
export function meterOf(source: string): FunctionMeter {
  let meter = meters.get(source)
  if (meter === undefined) {
    meter = new addon.FunctionMeter()
    if (meters.size >= REMEMBERED) meters.delete(meters.keys().next().value as string)
  } else {
    meters.delete(source)
  }
  meters.set(source, meter)
  return meter
}

/** A pool's `setup`, as its workers are told of it. */
export function describeSetup(setup: URL | string | AnyFunction): Setup {
  if (typeof setup !== 'function') return { kind: 'import', url: moduleUrl(setup, "option 'setup'") }
  const reference = referenceOf(setup)
  if (reference === undefined) return { kind: 'call', fn: ship(setup) }
  const source = reference.locate()
  if (source instanceof Promise)
    throw new OptionError("option 'setup' cannot be a task of its own module; give the URL of a module instead")
  return { kind: 'call', fn: source }
}

/** @throws OptionError for what names no module */
export function moduleUrl(given: URL | string, what: string): string {
  if (given instanceof URL || Object.prototype.toString.call(given) === '[object URL]') return (given as URL).href
  if (typeof given === 'string') {
    if (/^(?:file|data|node):/.test(given)) return given
    if (isAbsolute(given)) return pathToFileURL(given).href
  }
  throw new OptionError(
    `${what} must be a URL such as new URL('./work.js', import.meta.url), or an absolute path; got ${String(given)}`,
  )
}
