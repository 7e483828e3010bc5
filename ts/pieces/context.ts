/** The context of a piece as the user's functions see it: what they were given to use, and not what our own function needs beside. */
import type { TaskContext } from '../context.ts'

export class PieceContext {
  readonly #context: TaskContext
  readonly use: unknown

  constructor(context: TaskContext, use: unknown) {
    this.#context = context
    this.use = use
  }

  get signal(): AbortSignal {
    return this.#context.signal
  }

  get aborted(): boolean {
    return this.#context.aborted
  }

  get metadata(): unknown {
    return this.#context.metadata
  }

  get id(): string {
    return this.#context.id
  }

  get name(): string {
    return this.#context.name
  }

  get attempt(): number {
    return this.#context.attempt
  }

  get worker(): number | null {
    return this.#context.worker
  }
}
