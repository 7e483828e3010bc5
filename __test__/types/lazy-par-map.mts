// What `lazyParMap` makes of its arguments' types: item, index, context, result; and what it refuses. Checked by tsc, never run.

import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'

import { expectTypeOf } from 'expect-type'

import type { Flow } from '../../ts/flow/flow.ts'
import { lazyParMap } from '../../ts/lazy-par-map.ts'
import { createPool } from '../../ts/pool/create.ts'
import type { WorkerFunction } from '../../ts/types.ts'
import { zip } from '../../ts/zip.ts'

const strings = ['a', 'b']

// Items, index, result
const flow = lazyParMap(strings, async (s, i) => {
  expectTypeOf(s).toEqualTypeOf<string>()
  expectTypeOf(i).toEqualTypeOf<number>()
  return s.length
})
expectTypeOf(flow).toEqualTypeOf<Flow<number>>()
for await (const length of flow) expectTypeOf(length).toEqualTypeOf<number>()
expectTypeOf(await flow.next()).toEqualTypeOf<IteratorResult<number, undefined>>()
expectTypeOf(await flow.return()).toEqualTypeOf<IteratorReturnResult<undefined>>()
{
  await using left = lazyParMap(strings, (s) => s)
  expectTypeOf(left).toEqualTypeOf<Flow<string>>()
}
expectTypeOf(lazyParMap([1, 'a'] as const, (x) => x)).toEqualTypeOf<Flow<1 | 'a'>>()
expectTypeOf(lazyParMap(new Map([['k', 1]]), ([k, v]) => ({ k, v }))).toEqualTypeOf<Flow<{ k: string; v: number }>>()
expectTypeOf(lazyParMap([Promise.resolve(1), 2], (x) => x)).toEqualTypeOf<Flow<number>>()
expectTypeOf(lazyParMap(new ReadableStream<Date>(), (x) => x)).toEqualTypeOf<Flow<Date>>()
expectTypeOf(lazyParMap(Readable.from(['x']), (x) => String(x))).toEqualTypeOf<Flow<string>>()
expectTypeOf(lazyParMap(strings, parseInt)).toEqualTypeOf<Flow<number>>()

// Typed arrays are iterables of numbers, and results may be anything
expectTypeOf(lazyParMap(new Float64Array(3), (x) => String(x))).toEqualTypeOf<Flow<string>>()
expectTypeOf(lazyParMap(new BigInt64Array(3), (x) => x)).toEqualTypeOf<Flow<bigint>>()

// One flow is the source of another
expectTypeOf(
  lazyParMap(
    lazyParMap(strings, (s) => s.length),
    (n) => [n],
  ),
).toEqualTypeOf<Flow<number[]>>()

// zip
expectTypeOf(
  lazyParMap(zip([1], ['a']), (n, s, i, ctx) => {
    expectTypeOf(ctx.attempt).toEqualTypeOf<number>()
    return s.repeat(n + i)
  }),
).toEqualTypeOf<Flow<string>>()

// Context
expectTypeOf(lazyParMap([1], (n, _i, { use }) => n * use.factor, { use: { factor: 2 } })).toEqualTypeOf<Flow<number>>()
// @ts-expect-error nothing is in `use` unless it was given
lazyParMap([1], (n, _i, { use }) => n * use.factor)

// onError
expectTypeOf(lazyParMap(strings, (s) => s.length, { onError: 'return' })).toEqualTypeOf<Flow<number | Error>>()
expectTypeOf(lazyParMap(strings, (s) => s.length, { onError: 'stop' })).toEqualTypeOf<Flow<number>>()
expectTypeOf(lazyParMap(strings, (s) => s.length, { buffer: 5 })).toEqualTypeOf<Flow<number>>()
expectTypeOf(lazyParMap(strings, (s) => s.length, { onError: 'stop' as 'stop' | 'return' })).toEqualTypeOf<
  Flow<number | Error>
>()
// @ts-expect-error results that were yielded cannot be collected
lazyParMap(strings, (s) => s.length, { onError: 'collect' })

// All options
lazyParMap(strings, (s) => s, {
  buffer: 'auto',
  concurrency: 3,
  preserveOrder: false,
  timeout: 5,
  retries: { times: 2 },
  signal: AbortSignal.timeout(1),
  grace: 5,
  priority: 'low',
  chunk: 3,
  metadata: { a: 1 },
  name: 'named',
  onProgress: ({ done }) => expectTypeOf(done).toEqualTypeOf<number>(),
  on: 'workers',
  pool: createPool(),
})

// As a method, and with functions of modules
expectTypeOf(createPool().lazyParMap(strings, (s) => s.length)).toEqualTypeOf<Flow<number>>()
declare const task: WorkerFunction<(x: number, by?: number) => string>
expectTypeOf(lazyParMap([1, 2], task)).toEqualTypeOf<Flow<string>>()

// Nonsense
// @ts-expect-error not iterable
lazyParMap(5, (x: number) => x)
// @ts-expect-error no function
lazyParMap(strings)
// @ts-expect-error unknown option
lazyParMap(strings, (x) => x, { backpressure: 3 })
// @ts-expect-error wrong buffer
lazyParMap(strings, (x) => x, { buffer: 'all' })
// @ts-expect-error not a promise
await lazyParMap(strings, (x) => x).then((x: unknown) => x)
