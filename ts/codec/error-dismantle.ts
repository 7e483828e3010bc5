// Turns whatever was thrown into plain data that surely crosses; runs no getter, and ends for cycles, proxies and endless chains.

import { types } from 'node:util'
import { describe, peek } from '../errors/describe.ts'
import { asError, isDOMException, isError } from '../errors/is-error.ts'
import { classify } from './error-classes.ts'
import type { Carried, CarriedError, CarriedProperty, ErrorRecord } from './error-record.ts'
import { unwrapParcel, wrapParcel } from './parcel.ts'
import { clone } from './primordials.ts'
import { checkSize } from './sizes.ts'
import { survey } from './survey.ts'
import { stackOf } from './stack.ts'

/** How far an error may lie behind another, by `cause`, `errors` or any other property. */
const FARTHEST = 100

/** @param thrown whatever a function threw or rejected with. */
export function dismantle(thrown: unknown): ErrorRecord {
  if (isError(thrown)) return { errors: new Dismantling(thrown).all() }
  const { message } = asError(thrown)
  const value = carryValue(thrown)
  return value === undefined
    ? { thrown: null, message: `${message}, which cannot be cloned` }
    : { thrown: value, message }
}

// Errors get a number when they are first met and wait in line, so that a chain of any length takes no stack.
class Dismantling {
  readonly #met: { error: Error; distance: number }[] = []
  readonly #numbers = new Map<object, number>()

  constructor(first: Error) {
    this.#number(first, 0)
  }

  all(): CarriedError[] {
    const done: CarriedError[] = []
    for (let i = 0; i < this.#met.length; i++) {
      const { error, distance } = this.#met[i]!
      done.push({
        ...classify(error),
        message: isDOMException(error) ? error.message : '',
        stack: stackOf(error),
        properties: this.#properties(error, distance),
      })
    }
    return done
  }

  #number(error: Error, distance: number): number {
    const known = this.#numbers.get(error)
    if (known !== undefined) return known
    this.#numbers.set(error, this.#met.length)
    return this.#met.push({ error, distance }) - 1
  }

  #properties(error: Error, distance: number): CarriedProperty[] {
    const properties: CarriedProperty[] = []
    for (const key of Reflect.ownKeys(error)) {
      if (typeof key !== 'string' || key === 'stack') continue
      const property = Object.getOwnPropertyDescriptor(error, key)!
      if (property.get !== undefined || property.set !== undefined) continue
      const carried = this.#carry(property.value, distance + 1)
      if (carried !== undefined) properties.push({ key, enumerable: property.enumerable === true, carried })
    }
    if (properties.every(({ key }) => key !== 'message')) this.#inheritedMessage(error, properties)
    return properties
  }

  // Classes of before 2015 may keep the message on their prototype.
  #inheritedMessage(error: Error, properties: CarriedProperty[]): void {
    const message = Object.hasOwn(error, 'message') || isDOMException(error) ? '' : peek(error, 'message')
    if (typeof message === 'string' && message !== '')
      properties.push({ key: 'message', enumerable: false, carried: { value: message } })
  }

  // Errors inside lists and plain records (`errors`, `failures`, `details: { inner }`) keep their class; deeper ones are data as any.
  #carry(value: unknown, distance: number, depth = 0): Carried | undefined {
    if (isError(value)) {
      if (distance <= FARTHEST || this.#numbers.has(value)) return { error: this.#number(value, distance) }
      return { value: `cut off here: more than ${FARTHEST} errors stand behind one another` }
    }
    if (!holdsError(value, depth)) return carryValue(value)
    if (Array.isArray(value)) {
      return {
        list: dataOf(value).map(
          ([, element]) => this.#carry(element, distance, depth + 1) ?? { value: describe(element) },
        ),
      }
    }
    const fields: [string, Carried][] = []
    for (const [key, field] of dataOf(value)) {
      const carried = this.#carry(field, distance, depth + 1)
      if (carried !== undefined) fields.push([key, carried])
    }
    return { fields }
  }
}

function holdsError(value: unknown, depth: number): value is object {
  if (typeof value !== 'object' || value === null || depth > 2 || types.isProxy(value)) return false
  if (!Array.isArray(value) && Object.getPrototypeOf(value) !== Object.prototype) return false
  return dataOf(value).some(([, part]) => isError(part) || holdsError(part, depth + 1))
}

// Own enumerable properties that are no getters.
function dataOf(value: object): [string, unknown][] {
  return Object.keys(value).flatMap((key): [string, unknown][] => {
    const property = Object.getOwnPropertyDescriptor(value, key)
    return property === undefined || property.get !== undefined || property.set !== undefined
      ? []
      : [[key, property.value]]
  })
}

// A snapshot, so that what is posted later surely crosses; undefined for what cannot, or is too large.
function carryValue(value: unknown): Carried | undefined {
  if (typeof value !== 'object' || value === null)
    return typeof value === 'function' || typeof value === 'symbol' ? undefined : { value }
  const found = survey(value)
  if (found.tooDeep) return undefined
  try {
    checkSize(found)
    return { value: unwrapParcel(clone(wrapParcel(value, found))) }
  } catch {
    return undefined
  }
}
