// What `batch` and `batches` make of their arguments' types, and what they refuse. Checked by tsc, never run.

import { expectTypeOf } from 'expect-type'

import { batch } from '../../ts/batch.ts'
import { batches } from '../../ts/batches.ts'
import type { Flow } from '../../ts/flow/flow.ts'
import { lazyParMap } from '../../ts/lazy-par-map.ts'
import { createPool } from '../../ts/pool/create.ts'
import { zip } from '../../ts/zip.ts'

const strings = ['a', 'b']

// Items, index, results
expectTypeOf(
  await batch(strings, async (items, index, ctx) => {
    expectTypeOf(items).toEqualTypeOf<string[]>()
    expectTypeOf(index).toEqualTypeOf<number>()
    expectTypeOf(ctx.attempt).toEqualTypeOf<number>()
    return items.map((s) => s.length)
  }),
).toEqualTypeOf<number[]>()
expectTypeOf(await batch(strings, (items) => items as readonly string[])).toEqualTypeOf<string[]>()
expectTypeOf(await batch(strings, () => {})).toEqualTypeOf<never[]>()
expectTypeOf(await batch(strings, async () => {})).toEqualTypeOf<never[]>()
expectTypeOf(await batch(strings, (items) => (items.length > 1 ? [1] : undefined))).toEqualTypeOf<number[]>()
expectTypeOf(await batch(strings, (items) => ({ inserted: items.length }))).toEqualTypeOf<{ inserted: number }[]>()
expectTypeOf(await batch(strings, (items) => items.length)).toEqualTypeOf<number[]>()
expectTypeOf(await batch(strings, (items) => items.join())).toEqualTypeOf<string[]>()
expectTypeOf(await batch(strings, () => [[1], [2]])).toEqualTypeOf<number[][]>()
expectTypeOf(await batch([Promise.resolve(1), 2], (items) => items)).toEqualTypeOf<number[]>()
expectTypeOf(await batch(new Float64Array(3), (items) => items)).toEqualTypeOf<number[]>()
expectTypeOf(await batch(zip([1], ['a']), (items) => items)).toEqualTypeOf<[number, string][]>()
const anything: any = 5
expectTypeOf(await batch(strings, () => anything)).toEqualTypeOf<any[]>()
async function insertMany(rows: { id: number }[]): Promise<number[]> {
  return rows.map((row) => row.id)
}
expectTypeOf(await batch([{ id: 1 }], insertMany, { size: 500 })).toEqualTypeOf<number[]>()

// onError, settled
expectTypeOf(await batch(strings, (items) => items, { onError: 'return' })).toEqualTypeOf<(string | Error)[]>()
expectTypeOf(await batch(strings, (items) => items, { onError: 'stop' })).toEqualTypeOf<string[]>()
expectTypeOf(await batch(strings, (items) => items).settled()).toEqualTypeOf<PromiseSettledResult<string[]>[]>()

// Context, options, the method
expectTypeOf(
  await batch([1], (items, _i, { use }) => items.map((n) => n * use.k), { use: { k: 2 }, every: 100, concurrency: 2 }),
).toEqualTypeOf<number[]>()
expectTypeOf(await createPool().batch(strings, (items) => items)).toEqualTypeOf<string[]>()

// batches
expectTypeOf(batches(strings)).toEqualTypeOf<Flow<string[]>>()
expectTypeOf(batches([Promise.resolve(1)], { size: 5, every: 10 })).toEqualTypeOf<Flow<number[]>>()
expectTypeOf(batches(zip([1], ['a']))).toEqualTypeOf<Flow<[number, string][]>>()
expectTypeOf(lazyParMap(batches(strings), (items) => items.length)).toEqualTypeOf<Flow<number>>()

// Nonsense
// @ts-expect-error not iterable
await batch(5, (items: number[]) => items)
// @ts-expect-error no function
await batch(strings)
// @ts-expect-error wrong item type
await batch(strings, (items: number[]) => items)
// @ts-expect-error unknown option
await batch(strings, (items) => items, { buffer: 5 })
// @ts-expect-error not a number
await batch(strings, (items) => items, { size: '5' })
// @ts-expect-error no such option
batches(strings, { concurrency: 2 })
