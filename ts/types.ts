// The types that give a map verb its item, context and result.

import type { TaskContext } from './context.ts'

/** What a function of a map verb or of `run` knows about its call; `Use` is the `use` option's type. */
export interface Context<Use = Readonly<Record<string, never>>> extends Omit<TaskContext, 'use' | 'metadata'> {
  readonly use: Use
  readonly metadata: Readonly<Record<string, unknown>>
}
