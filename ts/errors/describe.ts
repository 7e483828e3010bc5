// Puts any value whatever into a few words for a message, without running code of the value's.

import { types } from 'node:util'

const LONGEST = 80

// `an object of class Row`, `a function named parse`, `"text"`, `null`, `a revoked or other Proxy`…
export function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}…` : value)
    case 'bigint':
      return `${value}n`
    case 'symbol':
      return `the symbol ${value.toString()}`
    case 'function':
      return describeFunction(value)
    case 'object':
      return value === null ? 'null' : describeObject(value)
    default:
      return Object.is(value, -0) ? '-0' : String(value)
  }
}

// Reads a property along the prototype chain where it is plain data; getters are not run and proxies not asked.
export function peek(value: object, key: string): unknown {
  for (
    let at: object | null = value;
    at !== null && !types.isProxy(at);
    at = Object.getPrototypeOf(at) as object | null
  ) {
    const found = Object.getOwnPropertyDescriptor(at, key)
    if (found) return found.value
  }
  return undefined
}

// The name of the function that made an object; empty where there is none.
export function classNameOf(value: object): string {
  const made = peek(value, 'constructor')
  if (typeof made !== 'function') return ''
  const name = peek(made, 'name')
  return typeof name === 'string' ? name : ''
}

function describeFunction(value: Function): string {
  if (types.isProxy(value)) return 'a Proxy of a function'
  const name = peek(value, 'name')
  return typeof name === 'string' && name !== '' ? `the function ${name}` : 'a function without a name'
}

function describeObject(value: object): string {
  if (types.isProxy(value)) return 'a Proxy'
  if (Array.isArray(value)) return `an array of ${value.length}`
  if (types.isPromise(value)) return 'a Promise'
  const name = classNameOf(value)
  return name === '' || name === 'Object' ? 'an object' : `an object of class ${name}`
}
