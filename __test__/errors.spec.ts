// The classes of errors: codes, names, brands that outlive realms and copies, ParallelError, registerError and taskInfo.
// oxlint-disable no-sparse-arrays -- holes are what is tested

import test from 'ava'
import { createRequire } from 'node:module'
import vm from 'node:vm'
import * as errors from '../dist/ts/errors.js'

const {
  EverycoreError,
  OptionError,
  ParallelError,
  TimeoutError,
  CancelledError,
  attachTaskInfo,
  registerError,
  taskInfo,
} = errors

const codes: Record<string, string> = {
  OptionError: 'ERR_OPTION',
  CaptureError: 'ERR_CAPTURE',
  NotCloneableError: 'ERR_NOT_CLONEABLE',
  TaskError: 'ERR_TASK',
  ParallelError: 'ERR_PARALLEL',
  TimeoutError: 'ERR_TIMEOUT',
  QueueTimeoutError: 'ERR_QUEUE_TIMEOUT',
  CancelledError: 'ERR_CANCELLED',
  WorkerExitError: 'ERR_WORKER_EXIT',
  OutOfMemoryError: 'ERR_OUT_OF_MEMORY',
  LoadError: 'ERR_LOAD',
  QueueFullError: 'ERR_QUEUE_FULL',
  ClosedError: 'ERR_CLOSED',
  PayloadTooLargeError: 'ERR_PAYLOAD_TOO_LARGE',
  DeadlockError: 'ERR_DEADLOCK',
  LockOrderError: 'ERR_LOCK_ORDER',
  LockPoisonedError: 'ERR_LOCK_POISONED',
  UnsupportedPlatformError: 'ERR_UNSUPPORTED_PLATFORM',
}

function make(name: string): Error & { code: string } {
  const Class = (
    errors as unknown as Record<string, new (first: unknown, options?: object) => Error & { code: string }>
  )[name]!
  return name === 'ParallelError'
    ? new Class({ total: 1, failures: [{ index: 0, error: new Error('x'), attempt: 1 }], results: [] })
    : new Class('what happened', { path: 'item', exitCode: 1, cause: 'why' })
}

for (const [name, code] of Object.entries(codes)) {
  test(`${name} has its code and name, and is an EverycoreError and an Error`, (t) => {
    const error = make(name)
    t.is(error.code, code)
    t.is(error.name, name === 'CancelledError' ? 'AbortError' : name)
    t.true(error instanceof EverycoreError)
    t.true(error instanceof Error)
    for (const other of Object.keys(codes)) {
      t.is(error instanceof (errors as unknown as Record<string, new () => object>)[other]!, other === name, other)
    }
    t.regex(error.stack!, new RegExp(`^${error.name}: |^Error: |^AggregateError: `))
  })
}

test('cause, path and exit code are kept', (t) => {
  t.is(make('TimeoutError').cause, 'why')
  t.is((make('NotCloneableError') as unknown as { path: string }).path, 'item')
  t.is((make('WorkerExitError') as unknown as { exitCode: number }).exitCode, 1)
})

test('a second copy of the package has the same errors', (t) => {
  const require = createRequire(import.meta.url)
  const files = Object.keys(require.cache).filter((file) => file.includes('/dist/ts/errors'))
  t.true(files.length > 0)
  for (const file of files) delete require.cache[file]
  const copy = require('../dist/ts/errors.js') as typeof errors
  t.not(copy.TimeoutError, TimeoutError)
  t.true(new copy.TimeoutError('x') instanceof TimeoutError)
  t.true(new copy.TimeoutError('x') instanceof EverycoreError)
  t.false(new copy.TimeoutError('x') instanceof CancelledError)
})

test('instanceof is not fooled, and asks nothing of proxies that throw', (t) => {
  t.false(new Error('x') instanceof EverycoreError)
  t.false((null as unknown as object) instanceof EverycoreError)
  t.false(('x' as unknown as object) instanceof TimeoutError)
  const trap = new Proxy(
    {},
    {
      get: () => {
        throw new Error('trap')
      },
    },
  )
  t.false(trap instanceof TimeoutError)
})

test('a class that extends one of ours is told from it', (t) => {
  class Slow extends TimeoutError {}
  t.true(new Slow('x') instanceof TimeoutError)
  t.true(new Slow('x') instanceof EverycoreError)
  t.true(new Slow('x') instanceof Slow)
  t.false(new TimeoutError('x') instanceof Slow)
})

test('ParallelError sums up, in the order of the items', (t) => {
  const first = new RangeError('too far')
  const error = new ParallelError({
    total: 4,
    failures: [
      { index: 2, error: 'text', attempt: 3 },
      { index: 0, error: first, attempt: 1 },
    ],
    results: [, 'b', , 'd'],
  })
  t.is(error.message, '2 of 4 items failed; first (item 0): RangeError: too far')
  t.deepEqual(error.errors, [first, 'text'])
  t.is(error.cause, first)
  t.deepEqual(
    error.failures.map((failure) => failure.index),
    [0, 2],
  )
  t.false(0 in error.results)
  t.true(error instanceof AggregateError)
  t.deepEqual(Object.keys(error), ['code'])
})

function said(error: unknown): string {
  return new ParallelError({ total: 1, failures: [{ index: 0, error, attempt: 1 }], results: [] }).message
}

test('ParallelError can name any first failure', (t) => {
  t.is(said(undefined), '1 of 1 item failed; first (item 0): undefined')
  t.is(said(new DOMException('gone', 'AbortError')), '1 of 1 item failed; first (item 0): AbortError: gone')
  t.is(said(new TypeError()), '1 of 1 item failed; first (item 0): TypeError')
  t.is(
    said(vm.runInNewContext('new TypeError("other realm")')),
    '1 of 1 item failed; first (item 0): TypeError: other realm',
  )
  t.is(
    said(Object.defineProperty(new Error('x'), 'message', { get: () => t.fail() })),
    '1 of 1 item failed; first (item 0): Error',
  )
})

test('registerError refuses what is no class, has no name, or takes the name of another', (t) => {
  class Mine extends Error {}
  registerError(Mine)
  t.notThrows(() => registerError(Mine))
  const Other = { Mine: class extends Error {} }.Mine
  for (const bad of [Other, class extends Error {}, () => 1, {}, null, undefined, 'Mine', new Proxy(Mine, {})]) {
    t.throws(() => registerError(bad as never), { instanceOf: OptionError, code: 'ERR_OPTION' })
  }
})

test('taskInfo tells of an error what was attached to it, and nothing of others', (t) => {
  const info = { id: '1', name: 'f', index: 3, attempt: 1, queuedMs: 0.5, ranMs: 2, worker: 0, metadata: {} }
  const error = Object.freeze(new Error('x'))
  attachTaskInfo(error, info)
  attachTaskInfo('a primitive', info)
  t.is(taskInfo(error), info)
  for (const other of [new Error('x'), 'a primitive', null, undefined, {}]) t.is(taskInfo(other), undefined)
})
