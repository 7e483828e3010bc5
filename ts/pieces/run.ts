/** Runs one of our own functions in workers over the pieces of something: a map whose results are taken as they come. */
import { pathToFileURL } from 'node:url'

import type { CallSite } from '../call-site.ts'
import { nextJobId } from '../job.ts'
import type { Job } from '../job.ts'
import { resolveLane } from '../lanes/resolve.ts'
import type { Gather } from '../map/gather.ts'
import { MapRun } from '../map/map-run.ts'
import { openSource } from '../map/open-source.ts'
import { register } from '../module-functions.ts'
import { normaliseParMap } from '../options/normalise.ts'
import { ledgerOf } from '../pool/backing.ts'
import { WORKER_FILE } from '../places.ts'
import type { PoolHandle } from '../options/pool-brand.ts'

type AnyFunction = (...args: never[]) => unknown

export interface PiecePlan {
  /** Made by `pieceFunction`. */
  readonly fn: AnyFunction
  /** What the job is called. */
  readonly name: string
  /** An iterable or async iterable. */
  readonly pieces: unknown
  /** What the function finds in `use`, besides what the user gave. */
  readonly use: object
  readonly pool: PoolHandle | undefined
  readonly site: CallSite
  /** A piece's result. */
  readonly take: (index: number, value: unknown) => void
  /** A piece's failure, where it does not end the job at once. */
  readonly fail?: ((index: number, error: unknown) => void) | undefined
}

/** A function of ours that workers import: `fn` is the export `name` of their file. */
export function pieceFunction(name: string, fn: AnyFunction): AnyFunction {
  const url = pathToFileURL(WORKER_FILE).href
  return register((): string => url, { url, name, fn, locate: () => ({ kind: 'module', url, name }) })
}

/** The first failure is the job's rejection, unless `fail` takes them; cancelling it stops what runs. */
export function runPieces({ fn, name, pieces, use, pool, site, take, fail }: PiecePlan): Job<void, unknown> {
  const settings = normaliseParMap({ onError: fail === undefined ? 'stop' : 'return', name, use, pool })
  const lane = resolveLane(fn, settings, name)
  const tally = ledgerOf(pool).tally(name)
  const id = nextJobId()
  const map = new MapRun<void, unknown>({
    id,
    name,
    settings,
    gather: new Taker(take, fail),
    site,
    lane: lane.name,
    open: (sink) => lane.open({ ...settings, id, name, site, shape: 'item', addContext: true, tally }, sink),
    source: openSource(name, pieces),
  })
  map.start()
  return map.job
}

/** Keeps nothing. */
class Taker implements Gather {
  readonly #take: PiecePlan['take']

  readonly #fail: PiecePlan['fail']

  constructor(take: PiecePlan['take'], fail: PiecePlan['fail']) {
    this.#take = take
    this.#fail = fail
  }

  value(index: number, value: unknown): undefined {
    this.#take(index, value)
  }

  failed(index: number, standIn: { error: unknown } | undefined): void {
    if (standIn !== undefined) this.#fail?.(index, standIn.error)
  }

  results(): undefined {
    return undefined
  }

  valueAt(): () => undefined {
    return () => undefined
  }
}
