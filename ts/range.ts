/** `range`: numbers at even distances, without anything that holds them. */
import { OptionError } from './errors.ts'
import { describe } from './errors/describe.ts'

/** Numbers from `from`, as many as stand before `to`. */
export class Range implements Iterable<number> {
  readonly from: number
  readonly to: number
  readonly step: number
  /** How many there are. */
  readonly length: number

  /** @internal */
  constructor(from: number, to: number, step: number) {
    this.from = from
    this.to = to
    this.step = step
    this.length = Math.max(0, Math.ceil((to - from) / step))
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let i = 0; i < this.length; i++) yield this.from + i * this.step
  }
}

/**
 * The numbers `from`, `from + step`, … before `to`; downwards for a negative step. Wherever items are taken, a range can stand; `parIter` makes its
 * numbers in the workers.
 *
 * @throws OptionError for what is no finite number, a step of 0, or more numbers than can be counted
 * @example
 * ```ts
 * [...range(0, 10, 3)] // [0, 3, 6, 9]
 * ```
 */
export function range(from: number, to: number, step = 1): Range {
  for (const [name, value] of Object.entries({ from, to, step })) {
    if (!Number.isFinite(value))
      throw new OptionError(`range: '${name}' must be a finite number, got ${describe(value)}`)
  }
  if (step === 0) throw new OptionError("range: 'step' must be above or below 0, got 0")
  const made = new Range(from, to, step)
  if (made.length > Number.MAX_SAFE_INTEGER)
    throw new OptionError(`range: from ${from} to ${to} by ${step} are more numbers than can be counted`)
  return made
}
