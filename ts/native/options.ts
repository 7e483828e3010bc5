/** The options of native functions, checked and filled in. */
import { abortSignal, flag, oneOf, sort } from '../options/checks.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { isPool } from '../options/pool-brand.ts'
import { read } from '../options/read.ts'
import type { Table } from '../options/read.ts'
import type { WorkSettings } from './work.ts'

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
