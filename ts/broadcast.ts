/** `pool.broadcast`: one call in each worker of a pool. */
import { captureCallSite, standAt } from './call-site.ts'
import type { CallSite } from './call-site.ts'
import { rebuild } from './codec/error-envelope.ts'
import { unwrapParcel } from './codec/parcel.ts'
import { snapshotParcel } from './codec/uncloneable.ts'
import { asError, attachTaskInfo, OptionError, ParallelError } from './errors.ts'
import type { Failure } from './errors.ts'
import { describe } from './errors/describe.ts'
import { nameOf } from './function-name.ts'
import { sourceOf } from './functions.ts'
import { nextJobId } from './job.ts'
import { normaliseBroadcast } from './options/normalise.ts'
import type { PoolHandle } from './options/pool-brand.ts'
import { isSequential } from './options/sequential.ts'
import { hubOf } from './pool/backing.ts'
import type { AddressedCall, WorkerAnswer } from './pool/link.ts'
import { isBuiltIn } from './pool/recipe.ts'
import { verdictError } from './pool/verdict.ts'
import { call as run } from './run.ts'
import { SharesUsed } from './share/given.ts'

type AnyFunction = (...args: never[]) => unknown

const noArguments: readonly unknown[] = Object.freeze([])
const ignore = (): void => {}

/** `entry` is the function in whose caller the stack begins. Not an async function, so that what is called next finds the call on its way. */
export function broadcast(
  pool: PoolHandle,
  fn: AnyFunction,
  args: readonly unknown[] = noArguments,
  options: unknown,
  entry: AnyFunction,
): Promise<unknown[]> {
  const site = captureCallSite(entry)
  const result = send({ pool, fn, args, options, entry, site }, () => result.catch(ignore))
  return result
}

interface Request {
  readonly pool: PoolHandle
  readonly fn: AnyFunction
  readonly args: readonly unknown[]
  readonly options: unknown
  readonly entry: AnyFunction
  readonly site: CallSite
}

async function send({ pool, fn, args, options, entry, site }: Request, cancelled: () => void): Promise<unknown[]> {
  if (typeof fn !== 'function') throw new OptionError(`broadcast: fn must be a function, got ${describe(fn)}`)
  if (!Array.isArray(args))
    throw new OptionError(`broadcast: args must be an array of the function's arguments, got ${describe(args)}`)
  const { sticky } = normaliseBroadcast(options)
  const name = nameOf(fn)
  // The one thread there is then.
  if (isSequential()) return gather(await alone(run(fn, args, { on: 'workers', pool }, entry).settled()), name, site)
  const hub = hubOf(pool)
  const refusal = hub.refusal()
  if (refusal !== undefined) throw refusal
  const located = sourceOf(fn)
  const source = located instanceof Promise ? await located : located
  const shares = new SharesUsed(hub.shares)
  const call: AddressedCall = {
    id: nextJobId(),
    fn: source,
    name,
    bare: isBuiltIn(source),
    args: snapshotParcel(args, 'arguments', hub.keepsShares ? shares : undefined),
  }
  const sentAt = performance.now()
  const answers = await hub.broadcast(call, { sticky, held: shares.take(), cancelled })
  const outcomes = answers.map((answer) => outcomeOf(answer, call, sentAt, site))
  return gather(outcomes, name, site)
}

async function alone(settled: Promise<unknown>): Promise<PromiseSettledResult<unknown>[]> {
  return [(await settled) as PromiseSettledResult<unknown>]
}

function outcomeOf(
  answer: WorkerAnswer,
  call: AddressedCall,
  sentAt: number,
  site: CallSite,
): PromiseSettledResult<unknown> {
  if ('value' in answer) return { status: 'fulfilled', value: unwrapParcel(answer.value) }
  const { id, name } = call
  const { slot: worker, ranMs } = answer
  const error =
    'error' in answer ? asError(rebuild(answer.error, site.stack)) : verdictError(answer.verdict, `ran '${name}'`)
  const queuedMs = Math.max(0, performance.now() - sentAt - ranMs)
  attachTaskInfo(error, { id, name, index: 0, attempt: 1, queuedMs, ranMs, worker, metadata: {} })
  return { status: 'rejected', reason: error }
}

function gather(outcomes: readonly PromiseSettledResult<unknown>[], name: string, site: CallSite): unknown[] {
  const results: unknown[] = Array.from({ length: outcomes.length })
  const failures: Failure[] = []
  outcomes.forEach((outcome, index) => {
    if (outcome.status === 'fulfilled') results[index] = outcome.value
    else {
      failures.push({ index, error: outcome.reason, attempt: 1 })
      delete results[index]
    }
  })
  if (failures.length === 0) return results
  throw standAt(new ParallelError({ total: outcomes.length, failures, results, what: 'workers' }), site)
}
