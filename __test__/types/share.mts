// `share` has the type of what it is given. Checked by tsc, never run.

import { expectTypeOf } from 'expect-type'

import { run } from '../../ts/run.ts'
import { share } from '../../ts/share/share.ts'

expectTypeOf(share({ rows: [1, 2], name: 'x' })).toEqualTypeOf<{ rows: number[]; name: string }>()
expectTypeOf(share(new Float64Array(3))).toEqualTypeOf<Float64Array<ArrayBuffer>>()
expectTypeOf(share(Buffer.from('x'))).toEqualTypeOf<Buffer<ArrayBuffer>>()
expectTypeOf(share('text' as string)).toEqualTypeOf<string>()
expectTypeOf(
  await run((table: { rows: number[] }) => table.rows.length, [share({ rows: [1] })]),
).toEqualTypeOf<number>()
// @ts-expect-error wrong argument
run((table: { rows: number[] }) => table.rows.length, [share({ rows: ['a'] })])
