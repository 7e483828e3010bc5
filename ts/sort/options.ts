/** The options of `parSort`, checked and spelled out. */
import { OptionError } from '../errors.ts'
import { abortSignal, callable, flag, Refusal, record, sort } from '../options/checks.ts'
import type { Check } from '../options/checks.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { isPool } from '../options/pool-brand.ts'
import { read } from '../options/read.ts'
import type { Table } from '../options/read.ts'
import type { WorkSettings } from '../native/settings.ts'
import type { Context, NoUse } from '../types.ts'

/** A key of an item: one of its properties, or what a function makes of it. The function runs on the caller, once for each item. */
export type SortKey<T> = (T extends object ? keyof T : never) | ((item: T) => unknown)

interface Common {
  /** Ends the call: it rejects with the signal's reason at once. @default none */
  signal?: AbortSignal | undefined
  /** The pool that does it. @default the shared pool */
  pool?: PoolHandle | undefined
}

/** Sorting by keys, on native threads. */
export interface SortByOptions<T> extends Common {
  /** A key, or several: those behind decide between items that are equal by the first. @default the item itself */
  by?: SortKey<T> | readonly SortKey<T>[] | undefined
  /** Greatest first; of several keys, each may have its own. @default false */
  desc?: boolean | readonly boolean[] | undefined
  compare?: undefined
}

/** Sorting by comparing, in workers. */
export interface SortCompareOptions<T, U extends object = NoUse> extends Common {
  /** As for `Array.prototype.sort`; shipped to the workers, so it must stand alone. `undefined` items come last without it being asked. */
  compare: (a: T, b: T, ctx: Context<U>) => number
  /** Values for `ctx.use`. @default {} */
  use?: U | undefined
  by?: undefined
  desc?: undefined
}

type Key = string | number | symbol | ((item: unknown) => unknown)

export interface SortSettings extends WorkSettings {
  /** At least one; `undefined` is the item itself. */
  readonly keys: readonly { readonly of: Key | undefined; readonly down: boolean }[]
  readonly compare: ((...args: never[]) => unknown) | undefined
  readonly use: object
}

interface Bag {
  by: readonly Key[]
  desc: boolean | readonly boolean[]
  compare: (...args: never[]) => unknown
  use: object
  signal: AbortSignal | undefined
  pool: PoolHandle | undefined
}

const isKey = (value: unknown): value is Key =>
  ['string', 'number', 'symbol', 'function'].includes(typeof value) && value === value

const by: Check<readonly Key[]> = (value) => {
  const keys = Array.isArray(value) ? [...(value as unknown[])] : [value]
  const wrong = keys.findIndex((key) => !isKey(key))
  const allowed = 'a property, a function of an item, or an array of them'
  if (wrong !== -1) throw new Refusal(allowed, keys[wrong], Array.isArray(value) ? `[${wrong}]` : '')
  if (keys.length === 0) throw new Refusal(allowed, value)
  return keys as Key[]
}

const desc: Check<boolean | readonly boolean[]> = (value) => {
  if (!Array.isArray(value)) return flag(value)
  return [...(value as unknown[])].map((one, at) => {
    if (typeof one !== 'boolean') throw new Refusal('true or false', one, `[${at}]`)
    return one
  })
}

const table: Table<Bag> = {
  by,
  desc,
  compare: callable as Check<(...args: never[]) => unknown>,
  use: record,
  signal: abortSignal,
  pool: sort<PoolHandle>('a pool from createPool()', isPool),
}

/** @throws OptionError */
export function normaliseSort(options: unknown): SortSettings {
  const given = options === undefined ? {} : read<Bag>('parSort', options, table)
  const { signal, pool, compare, use = {} } = given
  if (compare !== undefined && (given.by !== undefined || given.desc !== undefined))
    throw new OptionError("parSort: option 'compare' must be alone, without 'by' and 'desc'")
  if (compare === undefined && given.use !== undefined)
    throw new OptionError("parSort: option 'use' must be given with 'compare': keys are read here")
  const keys: readonly (Key | undefined)[] = given.by ?? [undefined]
  const { desc: down = false } = given
  if (typeof down !== 'boolean' && down.length !== keys.length) {
    throw new OptionError(
      `parSort: option 'desc' must have as many values as there are keys, ${keys.length}, got ${down.length}`,
    )
  }
  const spelled = keys.map((of, at) => ({ of, down: typeof down === 'boolean' ? down : (down[at] as boolean) }))
  return { signal, pool, compare, use, keys: spelled }
}
