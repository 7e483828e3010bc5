// Reads an options bag by a table of checks: unknown names, wrong values and throwing getters become an `OptionError` that says what is allowed.

import { inspect } from 'node:util'

import { OptionError } from '../errors.ts'
import { isBag, Refusal, UnknownName, type Check } from './checks.ts'
import { didYouMean } from './did-you-mean.ts'
import { InPool } from './in-pool.ts'
import type { PoolHandle } from './pool-brand.ts'

/** The checks of one bag, by option name. */
export type Table<Settings> = { readonly [Name in keyof Settings]-?: Check<Exclude<Settings[Name], undefined>> }

/** What `read` finds: only names that were given, and not as `undefined`. */
export type Given<Settings> = { [Name in keyof Settings]?: Exclude<Settings[Name], undefined> }

// Inherits nothing, not even what somebody put on `Object.prototype`; as a class it stays fast, which an object without a prototype is not.
const Found = function (): void {} as unknown as new () => object
Found.prototype = Object.create(null)

const show = (value: unknown): string => {
  try {
    const text =
      typeof value === 'function'
        ? `function ${value.name || '(anonymous)'}`
        : inspect(value, { depth: 0, breakLength: Infinity, maxStringLength: 60 })
    return text.length > 100 ? `${text.slice(0, 100)}…` : text
  } catch {
    return `a value that cannot be shown`
  }
}

/** @throws OptionError for the first thing that is wrong. */
export function read<Settings>(owner: string, options: unknown, table: Table<Settings>): Given<Settings> {
  if (InPool.is(options)) return readInPool(owner, options, table)
  if (!isBag(options)) throw new OptionError(`${owner}: options must be an object, got ${show(options)}`)
  const bag = options as Record<string, unknown>
  const given = new Found() as Given<Settings>
  for (const name of ownNames(owner, bag)) {
    if (!Object.hasOwn(table, name)) {
      throw new OptionError(`${owner} has no option '${name}'${didYouMean(name, Object.keys(table))}`)
    }
    readOne(owner, bag, name as keyof Settings & string, table, given)
  }
  // Options may also be inherited, from defaults of the user's or as a class's getters; few are, and looking is slow.
  if (mayInherit(bag)) {
    for (const name of Object.keys(table)) readOne(owner, bag, name as keyof Settings & string, table, given)
  }
  return given
}

function readInPool<Settings>(owner: string, { options, pool }: InPool, table: Table<Settings>): Given<Settings> {
  const given = (options === undefined ? new Found() : read(owner, options, table)) as Given<Settings> & {
    pool?: PoolHandle
  }
  if (given.pool !== undefined && given.pool !== pool)
    throw new OptionError(
      `${owner}: option 'pool' must be left out where a pool's own verb is called, got another pool`,
    )
  given.pool = pool
  return given
}

/** Checks for a bag inside a bag: `retries: { times }`. */
export function nested<Settings, T>(table: Table<Settings>, finish: (given: Given<Settings>) => T): Check<T> {
  const names = Object.keys(table)
  return (value) => {
    if (!isBag(value)) throw new Refusal(`an object of ${names.join(', ')}`, value)
    const bag = value as Record<string, unknown>
    for (const name of Object.keys(bag)) {
      if (!names.includes(name)) throw new UnknownName(name, names)
    }
    const given = new Found() as Record<string, unknown>
    for (const name of names) {
      const inner = isPolluted(bag, name) ? undefined : bag[name]
      if (inner === undefined) continue
      try {
        given[name] = table[name as keyof Settings](inner)
      } catch (refusal) {
        throw refusal instanceof Refusal
          ? new Refusal(refusal.allowed, refusal.value, `.${name}${refusal.path}`)
          : refusal
      }
    }
    return finish(given as Given<Settings>)
  }
}

function ownNames(owner: string, bag: object): string[] {
  try {
    return Object.keys(bag)
  } catch (error) {
    throw new OptionError(`${owner}: options could not be read`, { cause: error })
  }
}

function readOne<Settings>(
  owner: string,
  bag: Record<string, unknown>,
  name: keyof Settings & string,
  table: Table<Settings>,
  given: Given<Settings>,
): void {
  if (name in given || isPolluted(bag, name)) return
  let value: unknown
  try {
    value = bag[name]
  } catch (error) {
    throw new OptionError(`${owner}: option '${name}' could not be read`, { cause: error })
  }
  if (value !== undefined) given[name] = checkOne(owner, name, value, table[name])
}

function mayInherit(bag: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(bag)
  return prototype !== null && prototype !== Object.prototype
}

// An option that everybody's `Object.prototype` carries was not meant for us.
function isPolluted(bag: object, name: string): boolean {
  return name in Object.prototype && !Object.hasOwn(bag, name)
}

function checkOne<T>(owner: string, name: string, value: unknown, check: Check<T>): T {
  try {
    return check(value)
  } catch (refusal) {
    if (!(refusal instanceof Refusal)) {
      throw new OptionError(`${owner}: option '${name}' could not be read`, { cause: refusal })
    }
    const { path, allowed, value: wrong } = refusal
    if (refusal instanceof UnknownName)
      throw new OptionError(
        `${owner}: option '${name}' has no '${refusal.name}'${didYouMean(refusal.name, refusal.known)}`,
      )
    throw new OptionError(`${owner}: option '${name}${path}' must be ${allowed}, got ${show(wrong)}`)
  }
}
