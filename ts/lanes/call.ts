// How a function is called with its item, index and context.

import type { TaskContext } from '../context.ts'
import type { Flight } from './flight.ts'
import type { LaneSettings } from './settings.ts'

export type Fn = (...args: unknown[]) => unknown

/** Calls the function for one item, with no `this`. */
export type Caller = (fn: Fn, call: Pick<Flight, 'item' | 'index' | 'task'>) => unknown

const { call } = Function.prototype
/**
 * `fn(...args)`, without V8 learning at this place which function that is: it would count on it, and forget all code around it with each function that is
 * made anew for each map and collected. It takes 7 % of the smallest async functions.
 */
const invoke = call.bind(call as never) as (fn: Fn, self: undefined, ...args: unknown[]) => unknown

// For the same reason these are made once.
const callItem: Caller = (fn, { item, index, task }) => invoke(fn, undefined, item, index, task)
const callSpread: Caller = (fn, { item, index, task }) => invoke(fn, undefined, ...(item as unknown[]), index, task)
const callBare: Caller = (fn, { item }) => invoke(fn, undefined, ...(item as unknown[]))
const callInContext: Caller = (fn, { item, task }) => callWith(fn, item as unknown[], task)

export function callerOf({ shape, addContext }: Pick<LaneSettings, 'shape' | 'addContext'>): Caller {
  if (shape === 'item') return callItem
  if (shape === 'spread') return callSpread
  return addContext ? callInContext : callBare
}

/** The context follows the arguments of a function that declares exactly one parameter more, so that default parameters keep their defaults. */
export function callWith(fn: Fn, args: readonly unknown[], task: TaskContext | undefined): unknown {
  return fn.length === args.length + 1 ? fn(...args, task) : fn(...args)
}
