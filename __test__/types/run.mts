// What the signatures of `run` and `workerModule` make of their arguments' types. Checked by tsc, never run.

import { expectTypeOf } from 'expect-type'

import type { Context, RunSignature, WorkerFunction, WorkerModuleOf } from '../../ts/types.ts'
import { parMap } from '../../ts/par-map.ts'

declare const run: RunSignature

// Arguments and result
expectTypeOf(await run((x, y) => x + y, [1, 2])).toEqualTypeOf<number>()
expectTypeOf(await run(async (s: string) => s.length, ['x'])).toEqualTypeOf<number>()
expectTypeOf(await run(Math.max, [1, 2, 3])).toEqualTypeOf<number>()
expectTypeOf(await run(JSON.parse, ['{}'])).toBeAny()
expectTypeOf(await run(() => 'x' as string)).toEqualTypeOf<string>()
expectTypeOf(await run(() => 'x' as string, [])).toEqualTypeOf<string>()
expectTypeOf(await run(() => 'x' as string, [], { timeout: 5 })).toEqualTypeOf<string>()
expectTypeOf(await run((n: number) => n, [1]).settled()).toEqualTypeOf<PromiseSettledResult<number>>()

// Default parameters keep their types
function scale(x: number, by = 2): number {
  return x * by
}
function grow(x = 1): number {
  return x
}
expectTypeOf(await run(scale, [1])).toEqualTypeOf<number>()
expectTypeOf(await run(scale, [1, 2])).toEqualTypeOf<number>()
expectTypeOf(await run(grow)).toEqualTypeOf<number>()
expectTypeOf(await run(grow, [5])).toEqualTypeOf<number>()
expectTypeOf(
  await run((n = 5) => {
    expectTypeOf(n).toEqualTypeOf<number>()
    return n
  }),
).toEqualTypeOf<number>()
expectTypeOf(
  await run(
    (x, by: number = 2) => {
      expectTypeOf(x).toEqualTypeOf<number>()
      return x * by
    },
    [1],
  ),
).toEqualTypeOf<number>()

// The context follows the arguments
expectTypeOf(await run((x, { use }) => x + use.k, [1], { use: { k: 2 } })).toEqualTypeOf<number>()
expectTypeOf(
  await run(
    (x, y, ctx) => {
      expectTypeOf(ctx.signal).toEqualTypeOf<AbortSignal>()
      return x + y
    },
    [1, 'a'],
  ),
).toEqualTypeOf<string>()

// @ts-expect-error wrong argument
run(scale, ['x'])
// @ts-expect-error one too many
run(scale, [1, 2, 3])
// @ts-expect-error missing argument
run(scale)
// @ts-expect-error unknown option
run(scale, [1], { concurrency: 2 })
// @ts-expect-error no function
run(5)
// @ts-expect-error wrong priority
run(scale, [1], { priority: 'urgent' })

// workerModule
interface Module {
  thumb: (file: string, width?: number) => Promise<Buffer>
  scaled: (x: number, index: number, ctx: Context<{ factor: number }>) => number
  version: string
}
declare const img: WorkerModuleOf<Module>
expectTypeOf(await img.thumb('a.png')).toEqualTypeOf<Buffer>()
expectTypeOf(await img.thumb('a.png', 5)).toEqualTypeOf<Buffer>()
expectTypeOf(await img.scaled(1, 2)).toEqualTypeOf<number>()
expectTypeOf(img.thumb('a.png').state).toEqualTypeOf<'queued' | 'running' | 'done' | 'failed' | 'cancelled'>()
expectTypeOf(await parMap(['a.png'], img.thumb)).toEqualTypeOf<Buffer[]>()
expectTypeOf(await run(img.thumb, ['a.png'])).toEqualTypeOf<Buffer>()
expectTypeOf(await parMap([1], img.scaled, { use: { factor: 2 } })).toEqualTypeOf<number[]>()
// @ts-expect-error the function needs `factor`
await parMap([1], img.scaled, { use: { other: 2 } })
// @ts-expect-error not a function
void img.version
// @ts-expect-error no such export
void img.nothing
// @ts-expect-error wrong argument
img.thumb(5)

// Without the type argument, the type says how to give it
declare const untyped: WorkerModuleOf<unknown>
// @ts-expect-error Give the module's type
untyped.thumb('a.png')
expectTypeOf(untyped).toBeString()

// A declared task
declare const task: WorkerFunction<(x: number, by?: number) => string>
expectTypeOf(await task(1)).toEqualTypeOf<string>()
expectTypeOf(await parMap([1, 2], task)).toEqualTypeOf<string[]>()
