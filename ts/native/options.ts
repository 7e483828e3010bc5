/** The options of native functions, checked and filled in. */
import { abortSignal, flag, oneOf, sort } from '../options/checks.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { isPool } from '../options/pool-brand.ts'
import { read } from '../options/read.ts'
import type { Table } from '../options/read.ts'
import type { WorkSettings } from './settings.ts'

/** What every native function takes. */
export interface NativeOptions {
  /** Ends the call: it rejects with the signal's reason at once; native threads stop at their next piece. @default none */
  signal?: AbortSignal | undefined
  /** The pool whose native threads do it. @default the shared pool */
  pool?: PoolHandle | undefined
}

/** What `sort` takes. */
export interface NativeSortOptions extends NativeOptions {
  /** Sorts the given array itself, which must stand on shared memory. @default false */
  inPlace?: boolean | undefined
}

/** What `wordCount` takes. */
export interface NativeWordOptions extends NativeOptions {
  /**
   * What a word is: a run of anything but white space, or a word as Unicode segments text (UAX #29), with a letter or digit in it.
   * @default 'spaces'
   */
  words?: 'spaces' | 'unicode' | undefined
}

const workTable: Table<WorkSettings> = {
  signal: abortSignal,
  pool: sort<PoolHandle>('a pool from createPool()', isPool),
}

const sortTable: Table<WorkSettings & { inPlace: boolean }> = { ...workTable, inPlace: flag }

/** @throws OptionError */
export function normaliseWork(verb: string, options: unknown): WorkSettings {
  const { signal, pool } = options === undefined ? {} : read<WorkSettings>(verb, options, workTable)
  return { signal, pool }
}

/** @throws OptionError */
export function normaliseSort(verb: string, options: unknown): WorkSettings & { readonly inPlace: boolean } {
  if (options === undefined) return { signal: undefined, pool: undefined, inPlace: false }
  const { signal, pool, inPlace = false } = read<WorkSettings & { inPlace: boolean }>(verb, options, sortTable)
  return { signal, pool, inPlace }
}

const wordTable: Table<WorkSettings & { words: 'spaces' | 'unicode' }> = {
  ...workTable,
  words: oneOf('spaces', 'unicode'),
}

/** @throws OptionError */
export function normaliseWords(verb: string, options: unknown): WorkSettings & { readonly unicode: boolean } {
  if (options === undefined) return { signal: undefined, pool: undefined, unicode: false }
  const given = read<WorkSettings & { words: 'spaces' | 'unicode' }>(verb, options, wordTable)
  return { signal: given.signal, pool: given.pool, unicode: given.words === 'unicode' }
}
