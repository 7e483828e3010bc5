/** Functions inside `use`: taken out on the caller, put back in the worker; everything else is left to the codec. */
import { isShared } from '../share/registry.ts'
import { assemble } from './assemble.ts'
import { ship, type Shipment } from './ship.ts'

type Path = readonly (string | number)[]

/** `use` without its functions. */
export interface SentUse<T = Shipment> {
  /** A copy with `null` where functions were; the same value if it has none. */
  readonly value: unknown
  readonly functions: readonly SentFunction<T>[]
}

export interface SentFunction<T = Shipment> {
  readonly shipment: T
  readonly name: string
  /** Everywhere this one function stands. */
  readonly paths: readonly Path[]
}

interface Place {
  readonly holder: object
  readonly key: string
}

/**
 * Finds functions at any depth of plain objects and arrays; other objects are not looked into.
 *
 * @param shipOne how one function ships, given what it is called in errors, such as `use.scale`
 * @throws {CaptureError} for the first function that cannot be shipped
 */
export function shipUse<T = Shipment>(
  use: unknown,
  shipOne: (fn: Function, label: string) => T = (fn, where) => ship(fn, { label: where }) as T,
): SentUse<T> {
  if (!isPlain(use)) return { value: use, functions: [] }
  const found = search(use)
  const copies = copyHolders(found)
  const functions = [...found.functions].map(([fn, places]) => {
    const paths = places.map((place) => pathTo(place, found))
    return { shipment: shipOne(fn, label(paths[0]!)), name: fn.name, paths }
  })
  return { value: copies.get(use) ?? use, functions }
}

/** Puts functions back into what has crossed. `value` is changed and returned. */
export function assembleUse<T = Shipment>(
  sent: SentUse<T>,
  main: string | undefined,
  assembleOne: (shipment: T, name: string) => unknown = (it, name) => assemble(it as Shipment, main, name),
): unknown {
  for (const { shipment, name, paths } of sent.functions) {
    const fn = assembleOne(shipment, name)
    for (const path of paths) {
      let holder = sent.value as Record<string | number, unknown>
      for (const key of path.slice(0, -1)) holder = holder[key] as Record<string | number, unknown>
      set(holder, path.at(-1)!, fn)
    }
  }
  return sent.value
}

interface Found {
  readonly root: object
  readonly functions: Map<Function, Place[]>
  /** Where each object stands; the place where it was met first is first. */
  readonly parents: Map<object, Place[]>
}

/** Walks with its own stack: a `use` may be deeper than the thread's. */
function search(root: object): Found {
  const functions = new Map<Function, Place[]>()
  const parents = new Map<object, Place[]>([[root, []]])
  const waiting: object[] = [root]
  for (let holder = waiting.pop(); holder; holder = waiting.pop()) {
    for (const key of Object.keys(holder)) {
      // A getter is not run here: the codec decides what becomes of it.
      const value: unknown = Object.getOwnPropertyDescriptor(holder, key)?.value
      if (typeof value === 'function') add(functions, value as Function, { holder, key })
      else if (isPlain(value) && !isShared(value)) {
        if (!parents.has(value)) waiting.push(value)
        add(parents, value, { holder, key })
      }
    }
  }
  return { root, functions, parents }
}

function add<K>(map: Map<K, Place[]>, key: K, place: Place): void {
  const places = map.get(key)
  if (places) places.push(place)
  else map.set(key, [place])
}

/** Copies the objects on the ways to functions, and no others, so that identities and cycles stay as they are. */
function copyHolders({ functions, parents }: Found): Map<unknown, object> {
  const copies = new Map<unknown, object>()
  const waiting = [...functions.values()].flat().map((it) => it.holder)
  for (let holder = waiting.pop(); holder; holder = waiting.pop()) {
    if (copies.has(holder)) continue
    copies.set(holder, Array.isArray(holder) ? Object.assign([], { length: holder.length }) : {})
    for (const place of parents.get(holder)!) waiting.push(place.holder)
  }
  for (const [holder, copy] of copies) {
    for (const key of Object.keys(holder as object)) {
      const value = (holder as Record<string, unknown>)[key]
      set(copy, key, typeof value === 'function' ? null : (copies.get(value) ?? value))
    }
  }
  return copies
}

/** From the root to `place`, by the way it was met first. */
function pathTo(place: Place, { root, parents }: Found): Path {
  const path = [keyIn(place)]
  for (let { holder } = place; holder !== root;) {
    const above = parents.get(holder)![0]!
    path.push(keyIn(above))
    holder = above.holder
  }
  return path.toReversed()
}

/** Also a key like `__proto__` becomes a property. */
function set(target: object, key: string | number, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true })
}

const keyIn = ({ holder, key }: Place): string | number =>
  Array.isArray(holder) && /^\d+$/.test(key) ? Number(key) : key

/** As one would write it: `use.scale`, `use.steps[0]`, `use["a b"]`. */
function label(path: Path): string {
  const parts = path.map((key) => {
    if (typeof key === 'number') return `[${key}]`
    return /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`
  })
  return `use${parts.join('')}`
}

/** Arrays, and objects that `{}` or `Object.create(null)` made, in whichever realm. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  if (Array.isArray(value)) return true
  const proto: object | null = Object.getPrototypeOf(value)
  return proto === null || (Object.getPrototypeOf(proto) === null && Object.hasOwn(proto, 'isPrototypeOf'))
}
