// Builds the error that a record tells of, as the class it had.

import { TaskError } from '../errors.ts'
import { classNameOf, peek } from '../errors/describe.ts'
import { wordsOf } from '../errors/words.ts'
import { instantiate } from './error-classes.ts'
import type { Carried, CarriedError, ErrorRecord } from './error-record.ts'
import { joinStacks } from './stack.ts'

/** The error, or what stands in for one that cannot be built on this thread: for messages, where no item bears it. */
export function rebuildOrTell(record: ErrorRecord): unknown {
  try {
    return rebuild(record)
  } catch (cause) {
    return new TaskError(`an error that cannot be read: ${wordsOf(cause)}`, { cause })
  }
}

/** @param callStack a stack captured where the job was made; its frames go below those of the worker. */
export function rebuild(record: ErrorRecord, callStack?: string): unknown {
  if ('thrown' in record) {
    const cause = record.thrown === null ? undefined : { cause: resolve(record.thrown, []) }
    const error = withoutStack(() => new TaskError(record.message, cause))
    setStack(error, joinStacks(`${error.name}: ${error.message}`, callStack))
    return error
  }
  const errors = withoutStack(() => record.errors.map(instantiate))
  record.errors.forEach((carried, i) => furnish(errors[i]!, carried, errors, i === 0 ? callStack : undefined))
  return errors[0]
}

// Their stacks come from elsewhere, and to capture one takes longer than all the rest. No code of the user's runs in `make`.
function withoutStack<T>(make: () => T): T {
  const limit: unknown = Error.stackTraceLimit
  if (typeof limit !== 'number' || !Reflect.set(Error, 'stackTraceLimit', 0)) return make()
  try {
    return make()
  } finally {
    Error.stackTraceLimit = limit
  }
}

function furnish(
  error: object,
  { stack, properties }: CarriedError,
  errors: readonly object[],
  callStack: string | undefined,
): void {
  for (const { key, enumerable, carried } of properties) {
    define(error, key, resolve(carried, errors), enumerable)
  }
  setStack(error, joinStacks(stack === '' ? headline(error) : stack, callStack))
}

function resolve(carried: Carried, errors: readonly object[]): unknown {
  if ('error' in carried) return errors[carried.error]
  if ('list' in carried) return carried.list.map((element) => resolve(element, errors))
  if (!('fields' in carried)) return carried.value
  const bag = {}
  for (const [key, field] of carried.fields) define(bag, key, resolve(field, errors), true)
  return bag
}

function headline(error: object): string {
  const message = peek(error, 'message')
  const said = peek(error, 'name')
  const name = typeof said === 'string' ? said : classNameOf(error)
  return typeof message === 'string' && message !== '' ? `${name}: ${message}` : name
}

function setStack(error: object, stack: string): void {
  define(error, 'stack', stack, false)
}

function define(on: object, key: string, value: unknown, enumerable: boolean): void {
  Object.defineProperty(on, key, { value, enumerable, writable: true, configurable: true })
}
