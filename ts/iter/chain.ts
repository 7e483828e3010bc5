/** A chain before it runs: a source, stages whose functions nobody has looked at yet, and where it is to run. */
import type { PoolHandle } from '../options/pool-brand.ts'

/** As the user wrote it. */
export type Step =
  | { readonly op: 'map' | 'filter' | 'flatMap'; readonly fn: unknown }
  | { readonly op: 'enumerate' }
  | { readonly op: 'chunks'; readonly size: unknown }

export interface Chain {
  /** An iterable, an async iterable, or a chain whose items must all be there before these steps can begin. */
  readonly source: unknown
  readonly steps: readonly Step[]
  readonly options: unknown
  /** The pool of `pool.parIter`. */
  readonly pool: PoolHandle | undefined
}

/** With one step more. A step that must know the places of its items waits for all of them, if nobody can tell how many there will be. */
export function extend(chain: Chain, step: Step): Chain {
  const waits = (step.op === 'enumerate' || step.op === 'chunks') && chain.steps.some(changesCount)
  return waits ? { ...chain, source: new Waiting(chain), steps: [step] } : { ...chain, steps: [...chain.steps, step] }
}

/** Stands in the place of a source. */
export class Waiting {
  readonly chain: Chain

  constructor(chain: Chain) {
    this.chain = chain
  }
}

function changesCount({ op }: Step): boolean {
  return op === 'filter' || op === 'flatMap'
}
