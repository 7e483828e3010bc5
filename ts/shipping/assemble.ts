/** The worker's half of shipping: data becomes a function again, through `node:vm`, never by `eval`. */
import { compileFunction } from 'node:vm'
import { helpers } from './helpers/index.ts'
import { loadersFor } from './loading.ts'
import type { Shipment } from './ship.ts'
import type { Supply } from './supplies.ts'

/**
 * Makes the function that `ship` was given.
 *
 * @param main the caller's main module, which `import` and `require` are resolved from
 * @param name what the function is called in stacks, where its source does not say
 */
export function assemble(shipment: Shipment, main: string | undefined, name: string): Function {
  if (shipment.kind === 'path') return follow(shipment.path)
  const { text, sloppy, supplies } = shipment
  const before = `${sloppy ? '' : "'use strict';"}return (`
  const make = compileFunction(
    // The line break ends a comment; columns of the first line count from where the function begins.
    `${before}${text}\n)`,
    supplies.map((it) => it.name),
    { filename: `everycore:${name.replace(/[\s\p{C}]+/gu, '_') || 'anonymous'}`, columnOffset: -before.length },
  )
  const fn = make(...supplies.map((it) => implementation(it, main))) as Function
  if (fn.name === '' && name !== '') Object.defineProperty(fn, 'name', { value: name, configurable: true })
  return fn
}

function implementation({ helper }: Supply, main: string | undefined): unknown {
  if (helper === 'import') return loadersFor(main).import
  if (helper === 'require') return loadersFor(main).require
  return helpers[helper]
}

/** From the global object along `path`, called on what it stands on: `Buffer.from` and `performance.now` need it. */
function follow(path: readonly string[]): Function {
  let holder: unknown
  let value: unknown = globalThis
  for (const key of path) {
    holder = value
    value = (holder as Record<string, unknown>)[key]
  }
  const fn = value as Function
  if (path.length === 1) return fn
  const bound = fn.bind(holder) as Function
  return Object.defineProperty(bound, 'name', { value: fn.name, configurable: true })
}
