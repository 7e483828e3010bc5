// From what a user of a verb wrote to complete settings.

import {
  abortSignal,
  arrayBuffers,
  callable,
  either,
  flag,
  integer,
  label,
  milliseconds,
  oneOf,
  record,
  sort,
  type Check,
} from './checks.ts'
import type { PoolHandle } from './pool-brand.ts'
import { isPool } from './pool-brand.ts'
import { read, type Given, type Table } from './read.ts'
import { noRetries, retries } from './retries.ts'
import { isSequential } from './sequential.ts'
import type {
  BatchesSettings,
  BatchSettings,
  BroadcastSettings,
  CallSettings,
  LazySettings,
  ParMapSettings,
  ParSettings,
  RunSettings,
} from './settings.ts'

type Readable<Settings> = Omit<Settings, 'sequential'>

const nothing: Readonly<Record<string, never>> = Object.freeze({})
const noBuffers: readonly ArrayBuffer[] = Object.freeze([])

const callTable: Table<Readable<CallSettings>> = {
  timeout: milliseconds('above 0'),
  retries,
  signal: abortSignal,
  grace: milliseconds(0),
  priority: oneOf('high', 'normal', 'low'),
  use: record,
  metadata: record as Check<Record<string, unknown>>,
  name: label,
  on: oneOf('caller', 'workers'),
  pool: sort<PoolHandle>('a pool from createPool()', isPool),
}

const runTable: Table<Readable<RunSettings>> = {
  ...callTable,
  queueTimeout: milliseconds('above 0'),
  transfer: arrayBuffers,
}

const parTable: Table<Readable<ParSettings>> = {
  ...callTable,
  queueTimeout: runTable.queueTimeout,
  onError: oneOf('collect', 'stop', 'return'),
}

const broadcastTable: Table<BroadcastSettings> = { sticky: flag }

const parMapTable: Table<Readable<ParMapSettings>> = {
  ...callTable,
  concurrency: integer(0, 1_000_000, true),
  onError: oneOf('collect', 'stop', 'return'),
  preserveOrder: flag,
  chunk: either(oneOf('auto'), integer(1, 1_000_000), "'auto' or an integer from 1 to 1,000,000"),
  onProgress: callable as Check<NonNullable<ParMapSettings['onProgress']>>,
}

const lazyTable: Table<Readable<LazySettings>> = {
  ...parMapTable,
  onError: oneOf('stop', 'return'),
  buffer: either(oneOf('auto'), integer(0, Number.MAX_SAFE_INTEGER, true), "'auto', an integer from 0, or Infinity"),
}

const batchesTable: Table<BatchesSettings> = {
  size: integer(1, 1_000_000, true),
  every: milliseconds('above 0'),
}

const batchTable: Table<Readable<BatchSettings>> = { ...parMapTable, ...batchesTable }

const fillCall = (given: Given<Readable<CallSettings>>, sequential: boolean): CallSettings => ({
  timeout: given.timeout,
  retries: given.retries ?? noRetries,
  signal: given.signal,
  grace: given.grace ?? 100,
  priority: given.priority ?? 'normal',
  use: given.use ?? nothing,
  metadata: given.metadata ?? nothing,
  name: given.name,
  on: given.on,
  pool: given.pool,
  sequential,
})

// `Object.assign`, because V8 takes 4 µs to spread one literal into another.
const fillRun = (given: Given<Readable<RunSettings>>, sequential: boolean): RunSettings =>
  Object.assign(fillCall(given, sequential), {
    queueTimeout: given.queueTimeout,
    transfer: given.transfer ?? noBuffers,
  })

const fillPar = (given: Given<Readable<ParSettings>>, sequential: boolean): ParSettings =>
  Object.assign(fillCall(given, sequential), {
    queueTimeout: given.queueTimeout,
    onError: given.onError ?? 'collect',
  } as const)

const fillParMap = (given: Given<Readable<ParMapSettings>>, sequential: boolean): ParMapSettings =>
  Object.assign(fillCall(given, sequential || given.concurrency === 0), {
    concurrency: given.concurrency === 0 ? 1 : given.concurrency,
    onError: given.onError ?? 'collect',
    preserveOrder: given.preserveOrder ?? true,
    chunk: given.chunk ?? 'auto',
    onProgress: given.onProgress,
  } as const)

const fillLazy = (given: Given<Readable<LazySettings>>, sequential: boolean): LazySettings =>
  Object.assign(fillParMap({ ...given, onError: given.onError ?? 'stop' }, sequential), {
    buffer: given.buffer === 0 ? Infinity : (given.buffer ?? 'auto'),
  } as const)

const fillBatches = (given: Given<BatchesSettings>): BatchesSettings => ({
  size: given.size ?? 10,
  every: given.every,
})

const fillBatch = (given: Given<Readable<BatchSettings>>, sequential: boolean): BatchSettings =>
  Object.assign(fillParMap({ ...given, concurrency: given.concurrency ?? 4 }, sequential), fillBatches(given))

const plainRun: RunSettings = Object.freeze(fillRun({}, false))
const plainParMap: ParMapSettings = Object.freeze(fillParMap({}, false))

/** @throws OptionError */
export function normaliseRun(options: unknown): RunSettings {
  const sequential = isSequential()
  if (options === undefined && !sequential) return plainRun
  return fillRun(options === undefined ? {} : read('run', options, runTable), sequential)
}

/** @throws OptionError */
export function normaliseBroadcast(options: unknown): BroadcastSettings {
  const given = options === undefined ? {} : read('broadcast', options, broadcastTable)
  return { sticky: given.sticky ?? false }
}

/** @throws OptionError */
export function normalisePar(options: unknown): ParSettings {
  return fillPar(options === undefined ? {} : read('par', options, parTable), isSequential())
}

/** @throws OptionError */
export function normaliseParMap(options: unknown): ParMapSettings {
  const sequential = isSequential()
  if (options === undefined && !sequential) return plainParMap
  return fillParMap(options === undefined ? {} : read('parMap', options, parMapTable), sequential)
}

/** @throws OptionError */
export function normaliseLazyParMap(options: unknown): LazySettings {
  return fillLazy(options === undefined ? {} : read('lazyParMap', options, lazyTable), isSequential())
}

/** @throws OptionError */
export function normaliseBatch(options: unknown): BatchSettings {
  return fillBatch(options === undefined ? {} : read('batch', options, batchTable), isSequential())
}

/** @throws OptionError */
export function normaliseBatches(options: unknown): BatchesSettings {
  return fillBatches(options === undefined ? {} : read('batches', options, batchesTable))
}
