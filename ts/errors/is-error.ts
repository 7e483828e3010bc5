// Tells errors from other thrown values without `instanceof`: errors of other realms (vm, jest) are errors too.

import { types } from 'node:util'
import { TaskError } from './kinds.ts'
import { describe } from './describe.ts'

const toString = Object.prototype.toString

// An error made by an Error constructor of any realm, a DOMException, or an object whose prototypes lead to some Error.prototype.
export function isError(value: unknown): value is Error {
  if (typeof value !== 'object' || value === null || types.isProxy(value)) return false
  if (types.isNativeError(value) || isDOMException(value)) return true
  for (
    let at = Object.getPrototypeOf(value) as object | null;
    at !== null && !types.isProxy(at);
    at = Object.getPrototypeOf(at) as object | null
  ) {
    if (isErrorPrototype(at)) return true
  }
  return false
}

const nameOfDOMException = Object.getOwnPropertyDescriptor(DOMException.prototype, 'name')!.get!

// Its getters check their receiver, which no imitation passes.
export function isDOMException(value: object): value is DOMException {
  try {
    if (toString.call(value) !== '[object DOMException]') return false
    nameOfDOMException.call(value)
    return true
  } catch {
    return false
  }
}

/** The error itself, or a `TaskError` that holds what was thrown in its place. */
export function asError(thrown: unknown): Error {
  return isError(thrown) ? thrown : new TaskError(`the function threw ${describe(thrown)}`, { cause: thrown })
}

function isErrorPrototype(at: object): boolean {
  if (at === Error.prototype) return true
  const name = Object.getOwnPropertyDescriptor(at, 'name')?.value as unknown
  const message = Object.getOwnPropertyDescriptor(at, 'message')?.value as unknown
  return name === 'Error' && message === '' && Object.hasOwn(at, 'toString')
}
