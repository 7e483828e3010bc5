// Error classes of the user's that shall come back from a worker as themselves, by name.

import { types } from 'node:util'
import { describe, peek } from './describe.ts'
import { OptionError } from './kinds.ts'

const classes = new Map<string, ErrorClass>()

/** Any class of errors; its constructor is never run by this package. */
export type ErrorClass = abstract new (...args: never[]) => object

/**
 * Makes errors of an own class come back from workers as instances of it. Call it on both sides, best in the module that declares the
 * class. The instance is rebuilt without running a constructor, and private fields (`#field`) do not cross.
 *
 * @throws OptionError if this is no class, has no name, or if another class was registered under its name.
 */
export function registerError(Class: ErrorClass): void {
  const name = typeof Class === 'function' && !types.isProxy(Class) ? peek(Class, 'name') : undefined
  const prototype = typeof name === 'string' ? peek(Class, 'prototype') : undefined
  if (typeof name !== 'string' || typeof prototype !== 'object' || prototype === null) {
    throw new OptionError(`registerError takes an error class, not ${describe(Class)}`)
  }
  if (name === '')
    throw new OptionError('registerError needs a class with a name: errors are told apart by it in the other thread')
  const known = classes.get(name)
  if (known !== undefined && known !== Class) {
    throw new OptionError(
      `registerError: another class named ${name} is registered already; names must be unique in a process`,
    )
  }
  classes.set(name, Class)
}

// The class registered under a name in this thread.
export function registeredClass(name: string): ErrorClass | undefined {
  return classes.get(name)
}
