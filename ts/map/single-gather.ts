/** Keeps the one result of `run`. */
import type { Gather, ValueAt } from './gather.ts'

export class SingleGather implements Gather {
  #outcome: { value: unknown } | undefined

  value(_index: number, value: unknown): undefined {
    this.#outcome = { value }
  }

  failed(): void {}

  results(): unknown {
    return this.#outcome?.value
  }

  valueAt(): ValueAt {
    return () => this.#outcome
  }
}
