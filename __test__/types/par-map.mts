// What `parMap` makes of its arguments' types: item, index, context, result; and what it refuses. Checked by tsc, never run.

import { Readable } from 'node:stream'
import { ReadableStream } from 'node:stream/web'

import { expectTypeOf } from 'expect-type'

import { parMap } from '../../ts/par-map.ts'
import { zip } from '../../ts/zip.ts'

const strings = ['a', 'b']

// Items, index, result
expectTypeOf(
  await parMap(strings, async (s, i) => {
    expectTypeOf(s).toEqualTypeOf<string>()
    expectTypeOf(i).toEqualTypeOf<number>()
    return s.length
  }),
).toEqualTypeOf<number[]>()
expectTypeOf(await parMap(strings, (s) => s.length)).toEqualTypeOf<number[]>()
expectTypeOf(
  await parMap([1, 'a'] as const, (x) => {
    expectTypeOf(x).toEqualTypeOf<1 | 'a'>()
    return x
  }),
).toEqualTypeOf<(1 | 'a')[]>()
expectTypeOf(await parMap(new Set([1]), (x) => [x])).toEqualTypeOf<number[][]>()
expectTypeOf(await parMap(new Map([['k', 1]]), ([k, v]) => ({ k, v }))).toEqualTypeOf<{ k: string; v: number }[]>()
expectTypeOf(await parMap('abc', (c) => c)).toEqualTypeOf<string[]>()
expectTypeOf(
  await parMap([Promise.resolve(1), 2], (x) => {
    expectTypeOf(x).toEqualTypeOf<number>()
    return x
  }),
).toEqualTypeOf<number[]>()
expectTypeOf(
  await parMap(
    (async function* () {
      yield 1n
    })(),
    (x) => x,
  ),
).toEqualTypeOf<bigint[]>()
expectTypeOf(await parMap(new ReadableStream<Date>(), (x) => x)).toEqualTypeOf<Date[]>()
expectTypeOf(await parMap(Readable.from(['x']), (x) => String(x))).toEqualTypeOf<string[]>()
expectTypeOf(await parMap([], () => Number(1))).toEqualTypeOf<number[]>()
expectTypeOf(await parMap(strings, parseInt)).toEqualTypeOf<number[]>()
expectTypeOf(await parMap([1, 2], Math.sqrt)).toEqualTypeOf<number[]>()

// A job as a result is awaited too
expectTypeOf(await parMap(strings, (s) => parMap([s], (x) => x.length))).toEqualTypeOf<number[][]>()

// Default parameters keep their types
expectTypeOf(
  await parMap(strings, (s = 'x', i = 0) => {
    expectTypeOf(s).toEqualTypeOf<string>()
    expectTypeOf(i).toEqualTypeOf<number>()
    return i
  }),
).toEqualTypeOf<number[]>()
function scale(x: number, by = 2): number {
  return x * by
}
expectTypeOf(await parMap([1], scale)).toEqualTypeOf<number[]>()

// Generic code
async function lengths<T>(values: readonly T[], measure: (value: T) => number): Promise<number[]> {
  return parMap(values, measure)
}
expectTypeOf(lengths).returns.resolves.toEqualTypeOf<number[]>()
async function apply<T, R>(values: Iterable<T>, fn: (value: T) => Promise<R>): Promise<R[]> {
  return parMap(values, (value) => fn(value))
}
expectTypeOf(apply<string, Date>).returns.resolves.toEqualTypeOf<Date[]>()

// Context
await parMap(strings, (_s, _i, ctx) => {
  expectTypeOf(ctx.signal).toEqualTypeOf<AbortSignal>()
  expectTypeOf(ctx.aborted).toEqualTypeOf<boolean>()
  expectTypeOf(ctx.attempt).toEqualTypeOf<number>()
  expectTypeOf(ctx.worker).toEqualTypeOf<number | null>()
  expectTypeOf(ctx.id).toEqualTypeOf<string>()
  expectTypeOf(ctx.metadata).toEqualTypeOf<Readonly<Record<string, unknown>>>()
  // @ts-expect-error nothing is in `use` unless it was given
  return ctx.use.factor
})
expectTypeOf(await parMap([1], (n, _i, { use }) => n * use.factor, { use: { factor: 2 } })).toEqualTypeOf<number[]>()
await parMap(
  [1],
  (n, _i, { use }) => {
    expectTypeOf(use).toEqualTypeOf<{ factor: number; names: string[] }>()
    return n
  },
  {
    use: { factor: 2, names: ['a'] },
    onProgress: ({ done, total }) => {
      expectTypeOf(done).toEqualTypeOf<number>()
      expectTypeOf(total).toEqualTypeOf<number | undefined>()
    },
    retries: { times: 2, delay: (attempt) => attempt * 10, when: (error) => error instanceof TypeError },
  },
)
declare const scaled: (n: number, index: number, ctx: { use: { factor: number } }) => number
// @ts-expect-error the function wants more from `use` than there is
await parMap([1], scaled, { use: { other: 1 } })

// onError
expectTypeOf(await parMap(strings, (s) => s.length, { onError: 'return' })).toEqualTypeOf<(number | Error)[]>()
expectTypeOf(await parMap(strings, (s) => s.length, { onError: 'stop' })).toEqualTypeOf<number[]>()
expectTypeOf(await parMap(strings, (s) => s.length, { onError: 'collect', concurrency: 3 })).toEqualTypeOf<number[]>()
expectTypeOf(await parMap(strings, (s) => s.length, { onError: 'stop' as 'stop' | 'return' })).toEqualTypeOf<
  (number | Error)[]
>()
expectTypeOf(await parMap(zip([1], ['a']), (n, s) => n + s.length, { onError: 'return' })).toEqualTypeOf<
  (number | Error)[]
>()

// Typed arrays
expectTypeOf(
  await parMap(new Float64Array(3), (x) => {
    expectTypeOf(x).toEqualTypeOf<number>()
    return x * 2
  }),
).toEqualTypeOf<Float64Array<ArrayBuffer>>()
expectTypeOf(await parMap(new Float64Array(new SharedArrayBuffer(8)), (x) => x)).toEqualTypeOf<
  Float64Array<SharedArrayBuffer>
>()
expectTypeOf(
  await parMap(new BigInt64Array(3), async (x) => {
    expectTypeOf(x).toEqualTypeOf<bigint>()
    return x
  }),
).toEqualTypeOf<BigInt64Array<ArrayBuffer>>()
expectTypeOf(await parMap(Buffer.from('x'), (x) => x + 1)).toEqualTypeOf<Uint8Array<ArrayBuffer>>()
expectTypeOf(await parMap(new Int8Array(1) as Int8Array, (x) => x)).toEqualTypeOf<Int8Array<ArrayBuffer>>()
expectTypeOf(await parMap(new Float32Array(1), Math.sqrt, { preserveOrder: false })).toEqualTypeOf<
  Float32Array<ArrayBuffer>
>()
expectTypeOf(await parMap(new Float64Array(1), (x, _i, { use }) => x * use.k, { use: { k: 2 } })).toEqualTypeOf<
  Float64Array<ArrayBuffer>
>()
// @ts-expect-error every result must be a number
await parMap(new Float64Array(3), (x) => String(x))
// @ts-expect-error every result must be a bigint
await parMap(new BigUint64Array(3), (x) => Number(x))
// @ts-expect-error an error cannot stand among numbers
await parMap(new Float64Array(3), (x) => x, { onError: 'return' })

// zip
expectTypeOf(
  await parMap(zip([1], ['a'], new Set([true])), (n, s, b, i, ctx) => {
    expectTypeOf(n).toEqualTypeOf<number>()
    expectTypeOf(s).toEqualTypeOf<string>()
    expectTypeOf(b).toEqualTypeOf<boolean>()
    expectTypeOf(i).toEqualTypeOf<number>()
    expectTypeOf(ctx.attempt).toEqualTypeOf<number>()
    return s.repeat(n)
  }),
).toEqualTypeOf<string[]>()
expectTypeOf(
  await parMap(
    zip(
      [Promise.resolve(1)],
      (async function* () {
        yield 'a'
      })(),
    ),
    (n, s) => ({ n, s }),
  ),
).toEqualTypeOf<{ n: number; s: string }[]>()
for (const [n, s] of zip([1], ['a'])) {
  expectTypeOf(n).toEqualTypeOf<number>()
  expectTypeOf(s).toEqualTypeOf<string>()
}
for await (const [n] of zip([1], Readable.from([]))) expectTypeOf(n).toEqualTypeOf<number>()
// @ts-expect-error not iterable
zip([1], 5)

// The job
const job = parMap(strings, (s) => s.length)
expectTypeOf(await job.settled()).toEqualTypeOf<PromiseSettledResult<number>[]>()
expectTypeOf(job.then((x) => x[0])).toEqualTypeOf<Promise<number | undefined>>()
expectTypeOf(job.lane).toEqualTypeOf<'caller' | 'workers' | 'native'>()
expectTypeOf(job.state).toEqualTypeOf<'queued' | 'running' | 'done' | 'failed' | 'cancelled'>()
job.cancel()
job.cancel(new Error('no longer needed'))
const anyItems: any = strings
expectTypeOf(
  await parMap(anyItems, (x) => {
    expectTypeOf(x).toBeAny()
    return { x }
  }),
).toEqualTypeOf<{ x: any }[]>()

// Nonsense
// @ts-expect-error not iterable
await parMap(5, (x: number) => x)
// @ts-expect-error not iterable
await parMap({ a: 1 }, (x: number) => x)
// @ts-expect-error no function
await parMap(strings)
// @ts-expect-error no function
await parMap(strings, 5)
// @ts-expect-error wrong item type
await parMap(strings, (x: number) => x)
// @ts-expect-error wrong lane
await parMap(strings, (x) => x, { on: 'worker' })
// @ts-expect-error unknown option
await parMap(strings, (x) => x, { concurency: 3 })
// @ts-expect-error an option of `run`
await parMap(strings, (x) => x, { transfer: [] })
// @ts-expect-error an option of p-map
await parMap(strings, (x) => x, { stopOnError: false })
// @ts-expect-error wrong policy
await parMap(strings, (x) => x, { onError: 'ignore' })
// @ts-expect-error not a number
await parMap(strings, (x) => x, { timeout: '1s' })
// @ts-expect-error not an object
await parMap(strings, (x) => x, { use: 5 })
