/** `run`: one call of a function, where the function belongs. */
import { captureCallSite } from './call-site.ts'
import { moveWith } from './codec/freight.ts'
import { Line } from './calls/line.ts'
import { limitQueue, singleCall } from './calls/single.ts'
import { anyDelays } from './delays.ts'
import { OptionError } from './errors.ts'
import { describe } from './errors/describe.ts'
import { meterOf, sourceOf } from './functions.ts'
import { nextJobId } from './job.ts'
import type { Job } from './job.ts'
import { leavesCaller, resolveLane } from './lanes/resolve.ts'
import { stillborn } from './map/stillborn.ts'
import type { MapRun } from './map/map-run.ts'
import { normaliseRun } from './options/normalise.ts'
import { InPool } from './options/in-pool.ts'
import { isPool } from './options/pool-brand.ts'
import type { PoolHandle } from './options/pool-brand.ts'
import { isSequential } from './options/sequential.ts'
import type { RunSettings } from './options/settings.ts'
import type { FunctionSource } from './pool/recipe.ts'
import type { Hub } from './pool/hub.ts'
import { checkMovable, moved } from './transfer.ts'
import type { RunSignature } from './types.ts'
import { hubOf } from './pool/backing.ts'

type AnyFunction = (...args: never[]) => unknown

const noArguments: readonly unknown[] = Object.freeze([])

/**
 * Calls `fn(...args)` once: a plain async function here, any other in a worker. The context follows the arguments for a function that declares
 * exactly one parameter more than it is given.
 *
 * Calls made in one tick travel together, so that many small ones cost little. One alone takes some 20 to 50 µs: not worth it for less work than that.
 *
 * @throws never at once: whatever is wrong with the call rejects the job.
 * @example
 * ```ts
 * await run((a: number, b: number) => a + b, [1, 2]) // 3
 * ```
 */
export const run: RunSignature = ((fn: AnyFunction, args?: readonly unknown[], options?: unknown) =>
  call(fn, args, options, run)) as RunSignature

/** `run`, for whoever calls in a user's stead: `entry` is the function in whose caller the stack begins. */
export function call(
  fn: AnyFunction,
  args: readonly unknown[] = noArguments,
  options: unknown,
  entry: AnyFunction,
): Job<unknown, unknown> {
  try {
    if (!Array.isArray(args))
      throw new OptionError(`run: args must be an array of the function's arguments, got ${describe(args)}`)
    const line = plainLine(fn, options)
    if (line !== undefined) return line.call(args, entry)
    return single(fn, args, normaliseRun(options), entry)
  } catch (error) {
    return stillborn(error, fn, 'one') as Job<unknown, unknown>
  }
}

/** By function, then by what it ships as: closures made anew from one source travel together. */
const lines = new WeakMap<
  Hub,
  { readonly of: WeakMap<AnyFunction, Line>; readonly shipped: WeakMap<FunctionSource, Map<string, Line>> }
>()

/** Where a call travels with others: one to workers, without any option but a pool. */
function plainLine(fn: AnyFunction, options: unknown): Line | undefined {
  if (typeof fn !== 'function' || isSequential() || anyDelays() || !isPlain(options)) return undefined
  const hub = hubOf(options?.pool)
  const known = lines.get(hub)?.of.get(fn)
  if (known !== undefined) return known
  if (!leavesCaller(fn, undefined)) return undefined
  const source = sourceOf(fn)
  // A task whose export is still being looked for: that call goes alone.
  return source instanceof Promise ? undefined : newLine(hub, fn, source)
}

function newLine(hub: Hub, fn: AnyFunction, source: FunctionSource): Line {
  let known = lines.get(hub)
  if (known === undefined) lines.set(hub, (known = { of: new WeakMap(), shipped: new WeakMap() }))
  let named = known.shipped.get(source)
  if (named === undefined) known.shipped.set(source, (named = new Map()))
  const name = fn.name || 'anonymous'
  let line = named.get(name)
  if (line === undefined) named.set(name, (line = new Line(hub, source, name, meterOf(JSON.stringify(source)))))
  known.of.set(fn, line)
  return line
}

function isPlain(options: unknown): options is { readonly pool?: PoolHandle } | undefined {
  if (options === undefined) return true
  if (InPool.is(options)) return options.options === undefined
  if (typeof options !== 'object' || options === null) return false
  try {
    const names = Object.keys(options)
    return (
      (names.length === 0 && !Array.isArray(options)) ||
      (names.length === 1 && names[0] === 'pool' && isPool((options as { pool: unknown }).pool))
    )
  } catch {
    // What cannot be read is told by whoever reads it with care.
    return false
  }
}

/** A call with options. */
function single(
  fn: AnyFunction,
  args: readonly unknown[],
  settings: RunSettings,
  entry: AnyFunction,
): Job<unknown, unknown> {
  const lane = resolveLane(fn, settings, 'run')
  const name = settings.name ?? (fn.name || 'anonymous')
  const transfer = lane.wouldLeave ? settings.transfer : []
  checkMovable(transfer)
  const items = [args]
  const map = singleCall({ id: nextJobId(), name, site: captureCallSite(entry), items, lane, settings })
  if (transfer.length > 0) startMoving(map, items, transfer, lane.name === 'workers')
  else map.start()
  if (settings.queueTimeout !== undefined) {
    const done = limitQueue([map], settings.queueTimeout)
    Promise.prototype.then.call(map.job, done, done)
  }
  return map.job
}

/** Whatever may refuse the call does so before its buffers are detached, and they are before this returns. */
function startMoving(
  map: MapRun<unknown, unknown>,
  items: (readonly unknown[])[],
  transfer: readonly ArrayBuffer[],
  atOnce: boolean,
): void {
  if (atOnce)
    moveWith(transfer, () => {
      map.start('at once')
      return !map.isOver && map.pulled > 0
    })
  if (map.isOver || map.pulled > 0) return
  // The arguments wait here, until it is known where the function is or until it runs on this thread.
  try {
    items[0] = moved(items[0] as readonly unknown[], transfer)
  } catch (error) {
    return map.fail(error)
  }
  if (!atOnce) map.start()
}
