// How a function is called with its item, index and context.

import type { TaskContext } from '../context.ts'
import type { Flight } from './flight.ts'
import type { LaneSettings } from './settings.ts'

export type Fn = (...args: unknown[]) => unknown

/** Calls the function for one item, with no `this`. */
export type Caller = (call: Pick<Flight, 'item' | 'index' | 'task'>) => unknown

export function callerOf(fn: Fn, { shape, addContext }: Pick<LaneSettings, 'shape' | 'addContext'>): Caller {
  if (shape === 'item') return ({ item, index, task }) => fn(item, index, task)
  if (shape === 'spread') return ({ item, index, task }) => fn(...(item as unknown[]), index, task)
  return addContext
    ? ({ item, task }) => callWith(fn, item as unknown[], task)
    : ({ item }) => fn(...(item as unknown[]))
}

/** The context follows the arguments of a function that declares exactly one parameter more, so that default parameters keep their defaults. */
export function callWith(fn: Fn, args: readonly unknown[], task: TaskContext | undefined): unknown {
  return fn.length === args.length + 1 ? fn(...args, task) : fn(...args)
}
