// What a value of an option may be: each check returns the value as settings hold it, or throws a refusal that says what is allowed.

import { types } from 'node:util'

/** Thrown by checks; the reader adds the option's name and the value. */
export class Refusal {
  readonly allowed: string
  /** Replaces the checked value in the message where only a part of it is wrong. */
  readonly path: string
  readonly value: unknown

  constructor(allowed: string, value: unknown, path = '') {
    this.allowed = allowed
    this.value = value
    this.path = path
  }
}

/** Thrown for a name that a bag inside a bag does not have. */
export class UnknownName extends Refusal {
  readonly name: string
  readonly known: readonly string[]

  constructor(name: string, known: readonly string[]) {
    super(`an object of ${known.join(', ')}`, undefined, `.${name}`)
    this.name = name
    this.known = known
  }
}

export type Check<T> = (value: unknown) => T

/** The longest time a Node timer can wait: 2^31 - 1 ms, 24.8 days. */
export const longestMs = 2_147_483_647

/** By hand: `toLocaleString` takes 10 ms the first time, a fifth of what a process's first call takes. */
const inWords = (value: number): string => String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ',')

/** An integer between two bounds; `Infinity` too if `endless`. */
export function integer(from: number, to: number, endless = false): Check<number> {
  const bounds = to === Number.MAX_SAFE_INTEGER ? `from ${inWords(from)}` : `from ${inWords(from)} to ${inWords(to)}`
  const allowed = `an integer ${bounds}${endless ? ' or Infinity' : ''}`
  return (value) => {
    if (endless && value === Infinity) return value
    if (Number.isInteger(value) && (value as number) >= from && (value as number) <= to) return value as number
    throw new Refusal(allowed, value)
  }
}

/** A time in ms; `from` 0 is the smallest allowed, `'above 0'` excludes it. */
export function milliseconds(from: 0 | 'above 0', endless = false): Check<number> {
  const least = from === 0 ? 'from 0' : 'above 0'
  const allowed = `milliseconds ${least}, at most ${inWords(longestMs)}${endless ? ', or Infinity' : ''}`
  return (value) => {
    if (endless && value === Infinity) return value
    if (typeof value === 'number' && value <= longestMs && (from === 0 ? value >= 0 : value > 0)) return value
    throw new Refusal(allowed, value)
  }
}

export function oneOf<const T>(...choices: readonly T[]): Check<T> {
  const allowed = choices
    .map((choice) => JSON.stringify(choice))
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1')
  return (value) => {
    if (choices.includes(value as T)) return value as T
    throw new Refusal(allowed, value)
  }
}

/** Something of one sort, told by a predicate. */
export function sort<T>(allowed: string, is: (value: unknown) => boolean): Check<T> {
  return (value) => {
    if (is(value)) return value as T
    throw new Refusal(allowed, value)
  }
}

/** The first check that accepts; `allowed` tells all of them. */
export function either<A, B>(first: Check<A>, second: Check<B>, allowed: string): Check<A | B> {
  return (value) => {
    for (const check of [first, second]) {
      try {
        return check(value)
      } catch (refusal) {
        if (refusal instanceof Refusal && refusal.path !== '') throw refusal
      }
    }
    throw new Refusal(allowed, value)
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

const isSignal = (value: unknown): boolean =>
  isObject(value) &&
  typeof (value as AbortSignal).aborted === 'boolean' &&
  typeof (value as AbortSignal).addEventListener === 'function' &&
  typeof (value as AbortSignal).removeEventListener === 'function'

export const flag: Check<boolean> = oneOf(true, false)
export const label: Check<string> = sort(
  'a string that is not empty',
  (value) => typeof value === 'string' && value !== '',
)
export const callable: Check<(...args: never[]) => unknown> = sort('a function', (value) => typeof value === 'function')
export const record: Check<object> = sort('an object', (value) => isObject(value) && !Array.isArray(value))
export const abortSignal: Check<AbortSignal> = sort('an AbortSignal', isSignal)
export const isBag: (value: unknown) => boolean = (value) => isObject(value) && !isArray(value)

// A revoked proxy answers no question; reading it then tells so.
function isArray(value: unknown): boolean {
  try {
    return Array.isArray(value)
  } catch {
    return false
  }
}

/** Buffers to move, each once. */
export const arrayBuffers: Check<readonly ArrayBuffer[]> = (value) => {
  const allowed = 'an array of ArrayBuffers (of a view: its .buffer)'
  if (!Array.isArray(value)) throw new Refusal(allowed, value)
  const list = [...(value as unknown[])]
  list.forEach((buffer, at) => {
    if (!types.isArrayBuffer(buffer)) throw new Refusal(allowed, buffer, `[${at}]`)
    if (list.indexOf(buffer) !== at) throw new Refusal('each ArrayBuffer once', buffer, `[${at}]`)
  })
  return list as ArrayBuffer[]
}
