// Builds records of one shape: key by key at first, then by a literal of exactly these keys, which V8 makes in one step.

import { compileFunction } from 'node:vm'

type Bag = Record<string, unknown>

/** Records built key by key before a literal is compiled, which takes as long as some hundred of them. */
const WORTH_COMPILING = 200
/** Shapes kept for the segments and claims to come; beyond them all are forgotten and learnt anew. */
const MOST_KEPT = 1024

/** Some test runners give each test a realm of its own, and `node:vm` compiles for the one of the process: records must not come from there. */
export const canCompile: boolean = Object.getPrototypeOf(compileFunction('return {}')()) === Object.prototype

const kept = new Map<string, RecordShape>()

export class RecordShape {
  readonly #keys: readonly string[]
  #built = 0
  #literal: ((next: () => unknown) => Bag) | undefined

  constructor(keys: readonly string[]) {
    this.#keys = keys
  }

  /** A record of what `next` gives, in the order of the keys. */
  build(next: () => unknown): Bag {
    return this.#literal === undefined ? this.#byKeys(next) : this.#literal(next)
  }

  #byKeys(next: () => unknown): Bag {
    const keys = this.#keys
    const record: Bag = {}
    for (let i = 0; i < keys.length; i++) {
      const key = keys[i] as string
      if (key in Object.prototype) setOwn(record, key, next())
      else record[key] = next()
    }
    if (++this.#built === WORTH_COMPILING && canCompile) this.#literal = literalOf(keys)
    return record
  }
}

/** The shape of these keys: one for all that decode on this thread. */
export function shapeOf(keys: readonly string[]): RecordShape {
  const name = JSON.stringify(keys)
  let shape = kept.get(name)
  if (shape === undefined) {
    if (kept.size >= MOST_KEPT) kept.clear()
    kept.set(name, (shape = new RecordShape(keys)))
  }
  return shape
}

// By `node:vm`, which the flag that forbids code from strings does not touch. In a literal a computed key is an own property, whatever it is called.
function literalOf(keys: readonly string[]): (next: () => unknown) => Bag {
  const properties = keys.map((key) =>
    key === '__proto__' ? `['__proto__']: next()` : `${JSON.stringify(key)}: next()`,
  )
  return compileFunction(`return { ${properties.join(', ')} }`, ['next']) as (next: () => unknown) => Bag
}

/** Sets an own property where an assignment might call a setter of `Object.prototype`. */
export function setOwn(record: Bag, key: string, value: unknown): void {
  Object.defineProperty(record, key, { value, writable: true, enumerable: true, configurable: true })
}
