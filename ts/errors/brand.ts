// Recognises the package's errors by a brand instead of a prototype, so that `instanceof` holds across realms and across two copies.

const BRAND: unique symbol = Symbol.for('everycore.error') as never

// The brand of the base class itself; every other brand names one kind of error.
const ANY = 'EverycoreError'

const ordinaryInstance = Function.prototype[Symbol.hasInstance]

// Marks a class and its instances as one kind of the package's errors.
export function brand(Class: Function, kind: string, name: string = kind): void {
  Object.defineProperty(Class, BRAND, { value: kind })
  Object.defineProperty(Class.prototype, BRAND, { value: kind })
  Object.defineProperty(Class.prototype, 'name', { value: name, writable: true, configurable: true })
  Object.defineProperty(Class, Symbol.hasInstance, { value: hasInstance })
}

// The kind an error was branded with. A proxy's traps may throw: it is then not one of ours.
export function brandOf(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  try {
    const kind: unknown = (value as { [BRAND]?: unknown })[BRAND]
    return typeof kind === 'string' ? kind : undefined
  } catch {
    return undefined
  }
}

// The brand that a prototype carries itself, not one above it.
export function ownBrandOf(prototype: object): string | undefined {
  return Object.hasOwn(prototype, BRAND) ? brandOf(prototype) : undefined
}

// What `value instanceof Class` asks. A subclass made by a user has no brand of its own and is judged in the ordinary way.
function hasInstance(this: Function, value: unknown): boolean {
  if (!Object.hasOwn(this, BRAND)) return ordinaryInstance.call(this, value)
  const kind = (this as unknown as { [BRAND]: string })[BRAND]
  const found = brandOf(value)
  return found !== undefined && (kind === ANY || kind === found)
}
