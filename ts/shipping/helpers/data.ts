/** Spread, rest, destructuring and names, as compilers spell them for older targets. */

type Bag = Record<PropertyKey, unknown>

/** `{ a, ...rest } = source`: all own enumerable properties but those named. */
export function rest(source: object | null | undefined, excluded: readonly PropertyKey[]): Bag {
  const left: Bag = {}
  if (source === null || source === undefined) return left
  const names = new Set(excluded.map((it) => (typeof it === 'symbol' ? it : String(it))))
  for (const key of Reflect.ownKeys(source)) {
    if (!names.has(key) && Object.prototype.propertyIsEnumerable.call(source, key))
      define(left, key, (source as Bag)[key])
  }
  return left
}

/** `{ ...a, ...b }` */
export function spreadAll(target: Bag, ...sources: unknown[]): Bag {
  for (const source of sources) spreadValues(target, source)
  return target
}

export function spreadValues(target: Bag, source: unknown): Bag {
  const own: Bag = { ...(source as Bag) }
  for (const key of Reflect.ownKeys(own)) define(target, key, own[key])
  return target
}

/** `{ ...a, get b() {…} }`: getters stay getters. */
export function spreadProps(target: Bag, source: Bag): Bag {
  return Object.defineProperties(target, Object.getOwnPropertyDescriptors(source))
}

/** `[...a, ...b]` */
export function spreadArray(to: readonly unknown[], from: Iterable<unknown> | ArrayLike<unknown>): unknown[] {
  return [...to, ...Array.from(from)]
}

/** `[a, b] = source`, where `count` is how many are wanted. */
export function read(source: Iterable<unknown>, count: number = Infinity): unknown[] {
  const taken: unknown[] = []
  if (count <= 0) return taken
  for (const value of source) {
    taken.push(value)
    if (taken.length >= count) break
  }
  return taken
}

export function slicedToArray(source: Iterable<unknown>, count?: number): unknown[] {
  return read(source, count)
}

/** The iterator of `for (x of source)`. */
export function values(source: Iterable<unknown> | ArrayLike<unknown>): Iterator<unknown> {
  return Symbol.iterator in source ? source[Symbol.iterator]() : Array.from(source)[Symbol.iterator]()
}

/** The first argument of a template tag. */
export function templateObject(cooked: readonly unknown[], raw?: readonly unknown[]): readonly unknown[] {
  const strings = cooked.slice()
  return Object.freeze(Object.defineProperty(strings, 'raw', { value: Object.freeze((raw ?? cooked).slice()) }))
}

/** A computed key. */
export function propertyKey(key: unknown): string | symbol {
  return typeof key === 'symbol' ? key : `${key as string}`
}

/** esbuild and tsx keep names that bundling would change. */
export function name<T extends object>(target: T, value: string): T {
  return Object.defineProperty(target, 'name', { value, configurable: true })
}

/** The name of a method under a computed key. */
export function setName<T extends object>(target: T, key: string | symbol, prefix?: string): T {
  const text = typeof key === 'symbol' ? (key.description ? `[${key.description}]` : '') : key
  return name(target, prefix ? `${prefix} ${text}` : text)
}

function define(target: Bag, key: PropertyKey, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}
