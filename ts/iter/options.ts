/** The options of `parIter`, checked and filled in. */
import { abortSignal, record, sort } from '../options/checks.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import { isPool } from '../options/pool-brand.ts'
import { read } from '../options/read.ts'
import type { Table } from '../options/read.ts'
import type { WorkSettings } from '../native/settings.ts'

/** The options of `parIter`. `U` is the type of `ctx.use`. */
export interface ParIterOptions<U extends object = object> {
  /** Values for `ctx.use`, sent once per worker. @default {} */
  use?: U | undefined
  /** Ends the chain: it rejects with the signal's reason at once. @default none */
  signal?: AbortSignal | undefined
  /** The pool whose workers run it. @default the shared pool */
  pool?: PoolHandle | undefined
}

/** The same, checked and filled in. */
export interface ChainSettings extends WorkSettings {
  readonly use: object
}

const table: Table<ChainSettings> = {
  use: record,
  signal: abortSignal,
  pool: sort<PoolHandle>('a pool from createPool()', isPool),
}

/** @throws OptionError */
export function normaliseChain(options: unknown): ChainSettings {
  const { use = {}, signal, pool } = options === undefined ? {} : read<ChainSettings>('parIter', options, table)
  return { use, signal, pool }
}
