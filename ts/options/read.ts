// Reads an options bag by a table of checks: unknown names, wrong values and throwing getters become an `OptionError` that says what is allowed.

import { inspect } from 'node:util'

import { OptionError } from '../errors.ts'
import { isBag, Refusal, type Check } from './checks.ts'
import { didYouMean } from './did-you-mean.ts'

/** The checks of one bag, by option name. */
export type Table<Settings> = { readonly [Name in keyof Settings]-?: Check<Exclude<Settings[Name], undefined>> }

/** What `read` finds: only names that were given, and not as `undefined`. */
export type Given<Settings> = { [Name in keyof Settings]?: Exclude<Settings[Name], undefined> }

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
  if (!isBag(options)) throw new OptionError(`${owner}: options must be an object, got ${show(options)}`)
  const bag = options as Record<string, unknown>
  for (const name of ownNames(owner, bag)) {
    if (!Object.hasOwn(table, name))
      throw new OptionError(`${owner} has no option '${name}'${didYouMean(name, Object.keys(table))}`)
  }
  const given: Record<string, unknown> = Object.create(null)
  for (const name of Object.keys(table)) {
    const value = readOne(owner, bag, name)
    if (value === undefined) continue
    given[name] = checkOne(owner, name, value, table[name as keyof Settings])
  }
  return given as Given<Settings>
}

/** Checks for a bag inside a bag: `retries: { times }`. */
export function nested<Settings, T>(table: Table<Settings>, finish: (given: Given<Settings>) => T): Check<T> {
  const names = Object.keys(table)
  return (value) => {
    if (!isBag(value)) throw new Refusal(`an object of ${names.join(', ')}`, value)
    const bag = value as Record<string, unknown>
    for (const name of Object.keys(bag)) {
      if (!names.includes(name))
        throw new Refusal(`only ${names.join(', ')}${didYouMean(name, names)}`, bag[name], `.${name}`)
    }
    const given: Record<string, unknown> = Object.create(null)
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

function readOne(owner: string, bag: Record<string, unknown>, name: string): unknown {
  if (isPolluted(bag, name)) return undefined
  try {
    return bag[name]
  } catch (error) {
    throw new OptionError(`${owner}: option '${name}' could not be read`, { cause: error })
  }
}

// An option that everybody's `Object.prototype` carries was not meant for us.
function isPolluted(bag: object, name: string): boolean {
  return name in Object.prototype && !Object.hasOwn(bag, name)
}

function checkOne(owner: string, name: string, value: unknown, check: Check<unknown>): unknown {
  try {
    return check(value)
  } catch (refusal) {
    if (!(refusal instanceof Refusal))
      throw new OptionError(`${owner}: option '${name}' could not be read`, { cause: refusal })
    throw new OptionError(
      `${owner}: option '${name}${refusal.path}' must be ${refusal.allowed}, got ${show(refusal.value)}`,
    )
  }
}
