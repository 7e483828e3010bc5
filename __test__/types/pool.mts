// What a pool's own methods give. Checked by tsc, never run.

import { expectTypeOf } from 'expect-type'

import { createPool } from '../../index.ts'
import type { JobStatus, PoolMetrics, PoolStats } from '../../index.ts'

const pool = createPool()

expectTypeOf(await pool.broadcast((a: number, b: string) => a + b.length, [1, 'x'])).toEqualTypeOf<number[]>()
expectTypeOf(await pool.broadcast(async () => 'x' as string)).toEqualTypeOf<string[]>()
expectTypeOf(await pool.broadcast((x, ctx) => [x, ctx.worker] as const, [1], { sticky: true })).toEqualTypeOf<
  (readonly [number, number | null])[]
>()
// @ts-expect-error wrong argument
pool.broadcast((a: number) => a, ['x'])
// @ts-expect-error no such option
pool.broadcast(() => 1, [], { timeout: 5 })

expectTypeOf(pool.stats()).toEqualTypeOf<PoolStats>()
expectTypeOf(pool.stats().health).toEqualTypeOf<'ok' | 'memory' | 'failing'>()
expectTypeOf(pool.metrics()).toEqualTypeOf<PoolMetrics>()
expectTypeOf(pool.metrics().functions['x']!.runMs.p99).toBeNumber()
expectTypeOf(pool.job('1')).toEqualTypeOf<JobStatus | undefined>()
expectTypeOf(pool.job('1')!.state).toEqualTypeOf<'queued' | 'running' | 'done' | 'failed' | 'cancelled'>()
