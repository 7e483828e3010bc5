// The one error that stands for all failures of a map, with what succeeded beside them.

import { brand } from './brand.ts'
import { classNameOf, describe, peek } from './describe.ts'
import { isDOMException, isError } from './is-error.ts'

/** One failed item. */
export interface Failure {
  /** Position of the item in the source. */
  readonly index: number
  readonly error: unknown
  /** Which attempt failed for good, from 1. */
  readonly attempt: number
}

export interface ParallelErrorInit<Results> {
  /** How many items (or functions) there were. */
  readonly total: number
  /** In any order; at least one. */
  readonly failures: readonly Failure[]
  /** Results by index, with holes at the failures. */
  readonly results: Results
  /** What is counted, in the plural. @default 'items' */
  readonly what?: string
}

/**
 * Some items failed. `errors` and `failures` are in index order, `cause` is the first error, `results` holds what succeeded.
 */
// Not a prototype's descendant of EverycoreError, because it must be one of AggregateError; `instanceof` finds it by its brand.
export class ParallelError<Results = any[]> extends AggregateError {
  readonly code = 'ERR_PARALLEL'
  declare readonly failures: readonly Failure[]
  declare readonly results: Results

  constructor(init: ParallelErrorInit<Results>) {
    const failures = init.failures.toSorted((a, b) => a.index - b.index)
    const first = failures[0]
    super(
      failures.map((failure) => failure.error),
      summary(failures.length, init.total, init.what ?? 'items', first),
      first && { cause: first.error },
    )
    // Not enumerable, as `errors` and `cause` are not: a printed error must not drag a million results along.
    Object.defineProperty(this, 'failures', { value: failures, writable: true, configurable: true })
    Object.defineProperty(this, 'results', { value: init.results, writable: true, configurable: true })
  }
}
brand(ParallelError, 'ParallelError')

function summary(failed: number, total: number, what: string, first: Failure | undefined): string {
  const one = what.replace(/(?<=ch)es$|s$/, '')
  const counted = `${failed} of ${total} ${total === 1 ? one : what} failed`
  return first ? `${counted}; first (${one} ${first.index}): ${headline(first.error)}` : counted
}

// `RangeError: too far`, as the first line of a stack would say it.
function headline(error: unknown): string {
  if (!isError(error)) return describe(error)
  if (isDOMException(error)) return `${error.name}: ${error.message}`
  const name = peek(error, 'name')
  const message = peek(error, 'message')
  const shown = typeof name === 'string' ? name : classNameOf(error)
  return typeof message === 'string' && message !== '' ? `${shown}: ${message}` : shown
}
