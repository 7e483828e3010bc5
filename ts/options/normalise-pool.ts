// From what a user of `createPool` and `configure` wrote to complete settings.

import { OptionError } from '../errors.ts'
import { callable, either, integer, isBag, label, milliseconds, oneOf, Refusal, sort, type Check } from './checks.ts'
import { nested, read, type Table } from './read.ts'
import type { PoolSettings } from './settings.ts'

const most = Number.MAX_SAFE_INTEGER
const threads = integer(1, 1_024)
const calls = integer(1, 4_294_967_295)
const noQueueLimits = Object.freeze({ calls: 1_000_000, bytes: 2 ** 30 })
const never = Object.freeze({ jobs: Infinity, ms: Infinity, heap: Infinity })

const maxQueue = either(
  ((value) => ({ ...noQueueLimits, calls: calls(value) })) as Check<PoolSettings['maxQueue']>,
  nested<{ calls: number; bytes: number }, PoolSettings['maxQueue']>({ calls, bytes: integer(1, most) }, (given) => ({
    ...noQueueLimits,
    ...given,
  })),
  'an integer from 1 to 4,294,967,295, or { calls, bytes }',
)

const setup = either(
  sort<URL | string>('a URL', (value) => value instanceof URL || (typeof value === 'string' && value !== '')),
  callable as Check<() => unknown>,
  "a module's URL or a function",
)

const environment: Check<Record<string, string | undefined>> = (value) => {
  if (!isBag(value)) throw new Refusal('an object of strings', value)
  // Without a prototype, which a variable's name could set.
  const given = Object.create(null) as Record<string, string>
  for (const [name, text] of Object.entries(value as object)) {
    // A variable that is undefined is not there; Node would make it the word.
    if (text === undefined) continue
    if (typeof text !== 'string') throw new Refusal('a string', text, `.${name}`)
    given[name] = text
  }
  return given
}

const isStream = (value: unknown): boolean =>
  isBag(value) && typeof (value as NodeJS.WritableStream).write === 'function'
const output = sort<boolean | NodeJS.WritableStream>(
  'true, false or a writable stream',
  (value) => typeof value === 'boolean' || isStream(value),
)

const megabytes = (from: number, to: number): Check<number> => integer(from, to)

const table: Table<PoolSettings> = {
  workers: threads,
  minWorkers: integer(0, 1_024),
  nativeThreads: threads,
  // Kernels keep a block of numbers on the stack, and divide and conquer on it.
  stackSize: integer(262_144, 2 ** 30),
  idleTimeout: milliseconds(0, true),
  maxQueue,
  whenFull: oneOf('reject', 'wait'),
  setup,
  // V8 ends the whole process when a heap is smaller than what a worker needs to start, hence the floors.
  resourceLimits: nested<Required<PoolSettings['resourceLimits']>, PoolSettings['resourceLimits']>(
    {
      maxOldGenerationSizeMb: megabytes(16, 1_048_576),
      maxYoungGenerationSizeMb: megabytes(1, 1_048_576),
      codeRangeSizeMb: megabytes(16, 1_048_576),
      stackSizeMb: megabytes(1, 1_024),
    },
    (given) => ({ ...given }),
  ),
  recycleAfter: nested<PoolSettings['recycleAfter'], PoolSettings['recycleAfter']>(
    { jobs: integer(1, most, true), ms: milliseconds('above 0', true), heap: integer(1_048_576, most, true) },
    (given) => ({ ...never, ...given }),
  ),
  memoryLimit: integer(1_048_576, most, true),
  name: label,
  env: environment,
  execArgv: sort<readonly string[]>(
    'an array of strings',
    (value) => Array.isArray(value) && value.every((flag) => typeof flag === 'string'),
  ),
  stdout: output,
  stderr: output,
}

/** @throws OptionError */
export function normalisePool(owner: 'createPool' | 'configure', options: unknown): PoolSettings {
  const given = options === undefined ? {} : read<PoolSettings>(owner, options, table)
  const minWorkers = given.minWorkers ?? 0
  if (given.workers !== undefined && minWorkers > given.workers) {
    throw new OptionError(
      `${owner}: option 'minWorkers' must be an integer from 0 to workers (${given.workers}), got ${minWorkers}`,
    )
  }
  return {
    workers: given.workers,
    minWorkers,
    nativeThreads: given.nativeThreads,
    stackSize: given.stackSize,
    idleTimeout: given.idleTimeout ?? 30_000,
    maxQueue: given.maxQueue ?? noQueueLimits,
    whenFull: given.whenFull ?? 'reject',
    setup: given.setup,
    resourceLimits: given.resourceLimits ?? {},
    recycleAfter: given.recycleAfter ?? never,
    memoryLimit: given.memoryLimit ?? Infinity,
    name: given.name ?? 'everycore',
    env: given.env,
    execArgv: given.execArgv,
    stdout: given.stdout ?? true,
    stderr: given.stderr ?? true,
  }
}
