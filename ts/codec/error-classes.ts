// Which class an error is of, in words that the other thread understands, and an empty instance of it there.

import { AssertionError } from 'node:assert'
import { types } from 'node:util'
import * as own from '../errors.ts'
import { brandOf, ownBrandOf } from '../errors/brand.ts'
import { classNameOf, peek } from '../errors/describe.ts'
import { isDOMException } from '../errors/is-error.ts'
import { registeredClass } from '../errors/registry.ts'
import type { Family } from './error-record.ts'

type AnyClass = abstract new (...args: never[]) => object

// AssertionError is as good as built in: its constructor, which compares and prints, is not run either.
const builtins = new Map<string, AnyClass>([['AssertionError', AssertionError]])
for (const name of [
  'Error',
  'EvalError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'TypeError',
  'URIError',
  'AggregateError',
  'SuppressedError',
]) {
  const Class = (globalThis as Record<string, unknown>)[name]
  if (typeof Class === 'function') builtins.set(name, Class as AnyClass)
}

const ours = new Map<string, AnyClass>()
for (const Class of Object.values(own)) {
  const kind = typeof Class === 'function' ? brandOf((Class as { prototype?: unknown }).prototype) : undefined
  if (kind !== undefined) ours.set(kind, Class as unknown as AnyClass)
}

/** The classes of an error, as CarriedError has them. */
export interface KnownClass {
  readonly family: Family
  readonly className: string
  readonly base: string
  readonly name: string
  readonly baseName: string
}

export function classify(error: Error): KnownClass {
  if (isDOMException(error))
    return { family: 'dom', className: 'DOMException', base: 'Error', name: error.name, baseName: error.name }
  let nearest: { family: Family; className: string; prototype: object } | undefined
  for (
    let at = Object.getPrototypeOf(error) as object | null;
    at !== null && !types.isProxy(at);
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const found = lookUp(at)
    if (found === undefined) continue
    nearest ??= { ...found, prototype: at }
    if (found.family !== 'builtin') continue
    return {
      family: nearest.family,
      className: nearest.className,
      base: found.className,
      name: nameOver(error, nearest.prototype),
      baseName: nameOver(error, at),
    }
  }
  const name = nameOver(error, Error.prototype)
  return { family: 'builtin', className: 'Error', base: 'Error', name, baseName: name }
}

// The class that a prototype belongs to. Built-ins of other realms are known by name; own classes must be the very ones registered.
function lookUp(prototype: object): { family: Family; className: string } | undefined {
  const Class: unknown = Object.getOwnPropertyDescriptor(prototype, 'constructor')?.value
  if (typeof Class !== 'function' || types.isProxy(Class)) return undefined
  const kind = ownBrandOf(prototype)
  if (kind !== undefined && ours.has(kind)) return { family: 'everycore', className: kind }
  const name = peek(Class, 'name')
  if (typeof name !== 'string') return undefined
  if (registeredClass(name) === (Class as unknown)) return { family: 'own', className: name }
  const builtin = builtins.get(name)
  return builtin !== undefined && (builtin === (Class as unknown) || isNative(Class))
    ? { family: 'builtin', className: name }
    : undefined
}

const sourceOf = Function.prototype.toString
function isNative(fn: Function): boolean {
  return sourceOf.call(fn).endsWith('{ [native code] }')
}

// What `error.name` says, for an error rebuilt with this prototype; empty where a getter of the class says it. A class that set no name is shown by its own, but for node's internal
// one, which poses as the built-in it extends.
function nameOver(error: Error, prototype: object): string {
  const said = peek(error, 'name')
  const usual = peek(prototype, 'name')
  if (typeof said === 'string' && said !== usual) return said
  const made = classNameOf(error)
  const bare = made === classNameOf(prototype) || made === '' || made === 'NodeError'
  return bare ? (typeof usual === 'string' ? usual : '') : made
}

// An instance without own properties but `stack`, of the class or else of its base; no constructor but the language's own runs.
export function instantiate({
  family,
  className,
  base,
  name,
  baseName,
  message,
}: KnownClass & { message: string }): object {
  if (family === 'dom') return new DOMException(message, name)
  const known =
    family === 'own' ? registeredClass(className) : (family === 'everycore' ? ours : builtins).get(className)
  const Class = known ?? builtins.get(base) ?? Error
  const isErrorClass = Class === Error || Class.prototype instanceof Error
  const made: object = isErrorClass ? Reflect.construct(Error, [], Class) : Object.create(Class.prototype as object)
  const wanted = known === undefined ? baseName : name
  if (wanted !== '' && peek(made, 'name') !== wanted)
    Object.defineProperty(made, 'name', { value: wanted, writable: true, configurable: true })
  return made
}
