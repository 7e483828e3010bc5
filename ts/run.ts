/** `run`: one call of a function, where the function belongs. */
import { captureCallSite } from './call-site.ts'
import { Line } from './calls/line.ts'
import { findUncloneable } from './codec/cloneable.ts'
import { NotCloneableError, OptionError, QueueTimeoutError } from './errors.ts'
import { meterOf, sourceOf } from './functions.ts'
import { nextJobId } from './job.ts'
import type { Job } from './job.ts'
import { leavesCaller, resolveLane } from './lanes/resolve.ts'
import { MapRun } from './map/map-run.ts'
import { openSource } from './map/source.ts'
import { SingleGather } from './map/single-gather.ts'
import { stillborn } from './map/stillborn.ts'
import { normaliseRun } from './options/normalise.ts'
import { isPool } from './options/pool-brand.ts'
import type { PoolHandle } from './options/pool-brand.ts'
import { isSequential } from './options/sequential.ts'
import type { RunSettings } from './options/settings.ts'
import type { Hub } from './pool/hub.ts'
import { hubOf } from './pool/backing.ts'

type AnyFunction = (...args: never[]) => unknown

const noArguments: readonly unknown[] = Object.freeze([])

export function run(fn: AnyFunction, args: readonly unknown[] = noArguments, options?: unknown): Job<unknown, unknown> {
  try {
    if (!Array.isArray(args)) throw new OptionError(`run: args must be an array of the function's arguments, got ${args === null ? 'null' : typeof args}`)
    const line = plainLine(fn, options)
    if (line !== undefined) return line.call(args, run)
    return single(fn, args, normaliseRun(options))
  } catch (error) {
    return stillborn(error, fn, 'one') as Job<unknown, unknown>
  }
}

const lines = new WeakMap<Hub, WeakMap<AnyFunction, Line>>()

/** Where a call travels with others: one to workers, without any option but a pool. */
function plainLine(fn: AnyFunction, options: unknown): Line | undefined {
  if (typeof fn !== 'function' || isSequential() || !isPlain(options)) return undefined
  if (!leavesCaller(fn, undefined)) return undefined
  const hub = hubOf(options?.pool)
  let ofHub = lines.get(hub)
  if (ofHub === undefined) lines.set(hub, (ofHub = new WeakMap()))
  let line = ofHub.get(fn)
  if (line === undefined) {
    const source = sourceOf(fn)
    // A task whose export is still being looked for: that call goes alone.
    if (source instanceof Promise) return undefined
    ofHub.set(fn, (line = new Line(hub, source, fn.name || 'anonymous', meterOf(JSON.stringify(source)))))
  }
  return line
}

function isPlain(options: unknown): options is { readonly pool?: PoolHandle } | undefined {
  if (options === undefined) return true
  if (typeof options !== 'object' || options === null) return false
  const names = Object.keys(options)
  return names.length === 0 || (names.length === 1 && names[0] === 'pool' && isPool((options as { pool: unknown }).pool))
}

/** A call with options: a map of one item, which gives its one outcome. */
function single(fn: AnyFunction, args: readonly unknown[], settings: RunSettings): Job<unknown, unknown> {
  const lane = resolveLane(fn, settings, 'run')
  const id = nextJobId()
  const site = captureCallSite(run)
  const name = settings.name ?? (fn.name || 'anonymous')
  const sent = lane.wouldLeave && settings.transfer.length > 0 ? transferred(args, settings.transfer) : args
  const map = new MapRun<unknown, unknown>({
    id,
    name,
    site,
    gather: new SingleGather(),
    lane: lane.name,
    settings: { ...settings, concurrency: undefined, onError: 'stop', preserveOrder: true, chunk: 'auto', onProgress: undefined },
    open: (sink) => lane.open({ ...settings, id, name, site, shape: 'arguments', addContext: lane.wouldLeave, concurrency: undefined, chunk: 'auto' }, sink),
    source: openSource('run', [sent]),
  })
  map.start()
  if (settings.queueTimeout !== undefined) limitQueue(map, name, settings.queueTimeout)
  return map.job
}

function limitQueue(map: MapRun<unknown, unknown>, name: string, ms: number): void {
  const timer = setTimeout(() => {
    if (map.state === 'queued') map.fail(new QueueTimeoutError(`'${name}' did not start within its queueTimeout of ${ms} ms`))
  }, ms)
  const done = (): void => clearTimeout(timer)
  Promise.prototype.then.call(map.job, done, done)
}

/** The buffers are detached at once; what is left in their place here belongs to the call alone. */
function transferred(args: readonly unknown[], transfer: readonly ArrayBuffer[]): readonly unknown[] {
  try {
    return structuredClone(args, { transfer: [...transfer] })
  } catch (error) {
    const at = args.findIndex((arg) => findUncloneable(arg, '') !== undefined)
    const path = at === -1 ? "option 'transfer'" : (findUncloneable(args[at], `argument ${at + 1}`) as string)
    throw new NotCloneableError(`${path} cannot be sent to a worker: ${(error as Error).message}`, { path, cause: error })
  }
}
