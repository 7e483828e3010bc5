/** The worker's half of shipping: data becomes a function again, through `node:vm`, never by `eval`. */
import { compileFunction } from 'node:vm'
import { helpers } from './helpers/index.ts'
import { loadersFor } from './loading.ts'
import type { Shipment, SourceShipment } from './ship.ts'
import type { Supply } from './supplies.ts'

type Maker = (...supplied: unknown[]) => Function

/** Makers kept ready. */
const KEPT = 256
/**
 * What makes the functions of a source. Each call gets functions of its own, as it gets values of its own; but those of one maker share what the engine has
 * learnt of their code, and the code it has optimised. Compiled anew for each map, one function in `use` took threads of the engine 5 ms.
 */
const makers = new Map<string, Maker>()

/**
 * Makes the function that `ship` was given.
 *
 * @param main the caller's main module, which `import` and `require` are resolved from
 * @param name what the function is called in stacks, where its source does not say
 */
export function assemble(shipment: Shipment, main: string | undefined, name: string): Function {
  if (shipment.kind === 'path') return follow(shipment.path)
  const fn = makerOf(shipment, name)(...shipment.supplies.map((it) => implementation(it, main)))
  if (fn.name === '' && name !== '') Object.defineProperty(fn, 'name', { value: name, configurable: true })
  return fn
}

function makerOf({ text, sloppy, supplies }: SourceShipment, name: string): Maker {
  const names = supplies.map((it) => it.name)
  const filename = `everycore:${name.replace(/[\s\p{C}]+/gu, '_') || 'anonymous'}`
  const before = `${sloppy ? '' : "'use strict';"}return (`
  // The line break ends a comment; columns of the first line count from where the function begins.
  const body = `${before}${text}\n)`
  // No name of a file or a variable has a line break.
  const key = [filename, ...names, body].join('\n')
  let maker = makers.get(key)
  if (maker === undefined) {
    maker = compileFunction(body, names, { filename, columnOffset: -before.length }) as Maker
    if (makers.size >= KEPT) makers.delete(makers.keys().next().value as string)
    makers.set(key, maker)
  }
  return maker
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
