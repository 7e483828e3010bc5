/** What stands behind a pool: how it gets at its scheduler. Verbs look here, so that they need not know the class their users hold. */
import type { Ledger } from '../ledger/ledger.ts'
import type { PoolHandle } from '../options/pool-brand.ts'
import type { Hub } from './hub.ts'
import { shared } from './shared.ts'

export interface PoolBacking {
  readonly name: string
  /** Workers at most. */
  readonly workers: number
  /** What became of its jobs. Never throws. */
  ledger(): Ledger
  /** As far as it has been made and is open. */
  opened(): Hub | undefined
  /** Throws a `ClosedError` where `hub` would; makes nothing. */
  checkOpen(): void
  /** Made on first use. Throws a `ClosedError` when there will be none any more. */
  hub(): Hub
  /** No new calls from now on; gives what has to be ended. */
  close(): Hub | undefined
}

const backings = new WeakMap<PoolHandle, PoolBacking>()
/** Weak: a pool that nobody has any more is nobody's concern. */
const all = new Set<WeakRef<PoolBacking>>()
let sweepAt = 64

export function setBacking(pool: PoolHandle, backing: PoolBacking): void {
  backings.set(pool, backing)
  all.add(new WeakRef(backing))
  if (all.size < sweepAt) return
  for (const ref of all) if (ref.deref() === undefined) all.delete(ref)
  sweepAt = Math.max(64, 2 * all.size)
}

/** Those of this thread. */
export function allBackings(): PoolBacking[] {
  return [...all].map((ref) => ref.deref()).filter((backing) => backing !== undefined)
}

export function backingOf(pool: PoolHandle): PoolBacking {
  return backings.get(pool) as PoolBacking
}

/** Where the jobs of a pool are known, by default of the shared one. */
export function ledgerOf(pool: PoolHandle | undefined): Ledger {
  return (pool === undefined ? shared : backingOf(pool)).ledger()
}

/** The scheduler of a pool, by default of the shared one. */
export function hubOf(pool: PoolHandle | undefined): Hub {
  return (pool === undefined ? shared : backingOf(pool)).hub()
}

/** @throws ClosedError */
export function checkOpen(pool: PoolHandle | undefined): void {
  if (pool !== undefined) backingOf(pool).checkOpen()
}

/** What ends when its pool closes, however patiently: nobody knows whether its consumer will come back. */
export interface OpenEnded {
  leave(): void
}

const openEnded = new WeakMap<PoolBacking, Set<OpenEnded>>()

/** Until the function that it returns is called, `one` is left when the pool closes. */
export function leaveOnClose(pool: PoolHandle | undefined, one: OpenEnded): () => void {
  const backing = pool === undefined ? shared : backingOf(pool)
  let open = openEnded.get(backing)
  if (open === undefined) openEnded.set(backing, (open = new Set()))
  open.add(one)
  return () => void open.delete(one)
}

/** The pool is closed. */
export function leaveAll(pool: PoolHandle): void {
  for (const one of [...(openEnded.get(backingOf(pool)) ?? [])]) one.leave()
}
