// What the signature of `par` makes of its arguments' types. Checked by tsc, never run.

import { expectTypeOf } from 'expect-type'

import { par } from '../../ts/par.ts'
import type { Job } from '../../ts/job.ts'
import type { WorkerFunction } from '../../ts/types.ts'

declare const log: (event: { kind: string }) => number
declare const count: (event: { kind: string; size?: number }) => Promise<string>
declare const task: WorkerFunction<(event: { kind: string }) => Buffer>
const event = { kind: 'made' }

expectTypeOf(par([log, count, task], [event])).toEqualTypeOf<Job<void, PromiseSettledResult<void>[]>>()
expectTypeOf(await par([log], [event])).toEqualTypeOf<void>()
expectTypeOf(await par([() => 1])).toEqualTypeOf<void>()
expectTypeOf(await par([])).toEqualTypeOf<void>()
expectTypeOf(await par([() => 1], [], { onError: 'stop' }).settled()).toEqualTypeOf<PromiseSettledResult<void>[]>()

// Inline functions know their arguments, and the context behind them
par(
  [
    (it) => expectTypeOf(it).toEqualTypeOf<{ kind: string }>(),
    (it, ctx) => {
      expectTypeOf(it.kind).toBeString()
      expectTypeOf(ctx.use.k).toBeNumber()
    },
  ],
  [event],
  { use: { k: 1 } },
)

// Literals keep the type that the functions ask for
declare const paint: (colour: 'red' | 'blue') => void
par([paint, paint], ['red'])

// @ts-expect-error wrong argument
par([paint], ['green'])
// @ts-expect-error wrong argument
par([log], ['made'])
// @ts-expect-error no function
par([5])
// @ts-expect-error no list
par(log, [event])
// @ts-expect-error no such option
par([log], [event], { concurrency: 2 })
// @ts-expect-error no such value
par([log], [event], { onError: 'throw' })
