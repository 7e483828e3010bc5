/** Runs a chain: its functions are looked at, its source is cut, its pieces run in workers, and what they bring home is put together. */
import type { CallSite } from '../call-site.ts'
import { OptionError } from '../errors.ts'
import { describe } from '../errors/describe.ts'
import type { WorkSettings } from '../native/settings.ts'
import type { Steps } from '../native/work.ts'
import { backingOf } from '../pool/backing.ts'
import { shared } from '../pool/shared.ts'
import { giveFunction } from '../pieces/given.ts'
import type { GivenFunction } from '../pieces/given.ts'
import { retold } from '../pieces/retold.ts'
import { pieceFunction, runPieces } from '../pieces/run.ts'
import { Waiting } from './chain.ts'
import type { Chain, Step } from './chain.ts'
import { Collection } from './homes.ts'
import type { Home } from './homes.ts'
import { mergeValues, runChain } from './in-worker.ts'
import type { MergeUse } from './in-worker.ts'
import { cut, noting, orEmpty } from './pieces.ts'
import type { ChainSettings } from './options.ts'
import type { ChainUse, End, Stage } from './stages.ts'

const chainPiece = pieceFunction('runChain', runChain as never)
const mergePiece = pieceFunction('mergeValues', mergeValues as never)

export class ChainRun {
  readonly #steps: Steps
  readonly #settings: ChainSettings
  readonly #site: CallSite

  constructor(steps: Steps, settings: ChainSettings, site: CallSite) {
    this.#steps = steps
    this.#settings = settings
    this.#site = site
  }

  /** Runs to the end and gives what the home makes of it. */
  async run<R>({ source, steps }: Chain, end: End, home: Home<R>): Promise<R> {
    const items = source instanceof Waiting ? await this.run(source.chain, { op: 'collect' }, new Collection()) : source
    const { stages, unit } = await stagesOf(steps)
    const { pool, use: given } = this.#settings
    const { pieces, shared: array } = cut(items, unit, workersOf(pool))
    const use: ChainUse = { stages, end, shared: array, given }
    const firsts: number[] = []
    let decided = false
    const decide = (isDecided: boolean): void => {
      if (!isDecided) return
      decided = true
      job.cancel()
    }
    const job = runPieces({
      fn: chainPiece,
      name: 'parIter',
      pieces: noting(end.op === 'fold' ? orEmpty(pieces) : pieces, firsts),
      use,
      pool,
      site: this.#site,
      take: (piece, value) => decided || decide(home.take(piece, value)),
      fail: home.fail === undefined ? undefined : (piece, error) => decided || decide(home.fail!(piece, error)),
    })
    try {
      await this.#steps.part(job)
    } catch (error) {
      const placeOf = (piece: number, at: number): number => (firsts[piece] ?? 0) + at
      if (!decided) throw retold(error, { use: given, placeOf, site: this.#site })
    }
    return home.end(this.#steps)
  }

  /** Joins values in a worker, in their order. */
  async merge(values: readonly unknown[], merge: GivenFunction): Promise<unknown> {
    if (values.length === 1) return values[0]
    const { pool, use: given } = this.#settings
    let merged: unknown
    const job = runPieces({
      fn: mergePiece,
      name: 'parIter',
      pieces: [values],
      use: { merge, given } satisfies MergeUse,
      pool,
      site: this.#site,
      take: (_, value) => (merged = value),
    })
    await this.#steps.part(job)
    return merged
  }
}

/** The stages as data, and how many source items the longest chunk is made of: behind a filter there are no chunks, for such a chain waits. */
async function stagesOf(steps: readonly Step[]): Promise<{ stages: Stage[]; unit: number }> {
  const stages: Stage[] = []
  let unit = 1
  for (const step of steps) {
    switch (step.op) {
      case 'enumerate':
        stages.push({ op: 'enumerate', scale: unit })
        break
      case 'chunks': {
        const size = checkedSize(step.size)
        unit *= size
        stages.push({ op: 'chunks', size })
        break
      }
      default:
        stages.push({ op: step.op, fn: await giveFunction(`parIter: the function of '${step.op}'`, step.fn) })
    }
  }
  return { stages, unit }
}

/** @throws OptionError */
export function checkedSize(size: unknown): number {
  if (Number.isInteger(size) && (size as number) >= 1 && (size as number) <= 1_000_000) return size as number
  throw new OptionError(`parIter: the size of chunks must be an integer from 1 to 1,000,000, got ${describe(size)}`)
}

function workersOf(pool: WorkSettings['pool']): number {
  return (pool === undefined ? shared : backingOf(pool)).workers
}
