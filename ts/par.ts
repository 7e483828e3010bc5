/** `par`: several functions with the same arguments, for what they do, not for what they return. */
import { captureCallSite } from './call-site.ts'
import type { CallSite } from './call-site.ts'
import { OptionError } from './errors.ts'
import { describe } from './errors/describe.ts'
import { nameOf } from './function-name.ts'
import { nextJobId } from './job.ts'
import type { Job } from './job.ts'
import { resolveLane } from './lanes/resolve.ts'
import { stillbornControl } from './map/stillborn.ts'
import { referenceOf } from './module-functions.ts'
import { normalisePar } from './options/normalise.ts'
import type { ParOptions } from './options/interfaces.ts'
import type { ParSettings } from './options/settings.ts'
import { ledgerOf } from './pool/backing.ts'
import { startParJob, tellUnwatched } from './par/par-job.ts'
import type { ParOutcomes } from './par/par-job.ts'
import { ParRun } from './par/par-run.ts'
import type { Context, NoUse } from './types.ts'

type AnyFunction = (...args: never[]) => unknown

const noArguments: readonly unknown[] = Object.freeze([])

// A conditional type, so that what `Args` are is asked of the arguments first.
type WithContext<Args extends readonly unknown[], Use> = Args extends readonly unknown[]
  ? [...Args, ctx: Context<Use>]
  : never

/**
 * Calls every function with the same arguments and drops what they return. Tasks and functions of a `workerModule` run in workers, all others here,
 * closures and all; they run at the same time, and what one throws does not keep the others from running.
 *
 * The job need not be awaited. A failure that nobody asks for is a process warning (`EVERYCORE_PAR`), never an unhandled rejection; awaited, the job rejects
 * with a `ParallelError`, under `onError: 'stop'` with the first error. Under `'return'` it resolves whatever happens, and only `settled()` tells.
 *
 * @throws never at once: whatever is wrong with the call rejects the job, with an `OptionError`.
 * @example
 * ```ts
 * const seen: string[] = []
 * await par([(word: string) => seen.push(word), async (word: string) => seen.push(word.toUpperCase())], ['a'])
 * seen // ['a', 'A']
 * ```
 */
export function par<Args extends readonly unknown[] = [], Use extends object = NoUse>(
  fns: readonly ((...args: WithContext<Args, Use>) => unknown)[],
  args?: readonly [...Args],
  options?: ParOptions<Use>,
): Job<void, ParOutcomes>
export function par<Args extends readonly unknown[]>(
  fns: readonly ((...args: Args) => unknown)[],
  args: Readonly<Args>,
  options?: ParOptions,
): Job<void, ParOutcomes>
export function par(fns: unknown, args: unknown = noArguments, options?: unknown): Job<void, ParOutcomes> {
  const site = captureCallSite(par as never)
  try {
    const run = new ParRun(plan(fns, args, options, site))
    run.start()
    return run.job
  } catch (error) {
    const { job, reject } = startParJob(stillbornControl(error, undefined))
    reject(error)
    tellUnwatched(job, error)
    return job
  }
}

function plan(fns: unknown, args: unknown, options: unknown, site: CallSite): ConstructorParameters<typeof ParRun>[0] {
  if (!Array.isArray(fns)) throw new OptionError(`par: fns must be an array of functions, got ${describe(fns)}`)
  if (!Array.isArray(args))
    throw new OptionError(`par: args must be an array of the functions' arguments, got ${describe(args)}`)
  const settings = normalisePar(options)
  const calls = Array.from(fns, (fn: AnyFunction, place) => {
    if (typeof fn !== 'function') throw new OptionError(`par: fns[${place}] must be a function, got ${describe(fn)}`)
    return {
      name: settings.name ?? nameOf(fn),
      lane: resolveLane(fn, { ...settings, on: laneOf(fn, settings) }, 'par'),
    }
  })
  return { id: nextJobId(), site, settings, ledger: ledgerOf(settings.pool), args, calls }
}

/** For side effects, which belong where the call is made, unless the function was declared to be a worker's. */
function laneOf(fn: AnyFunction, { on }: ParSettings): 'caller' | 'workers' {
  return on ?? (referenceOf(fn) === undefined ? 'caller' : 'workers')
}
