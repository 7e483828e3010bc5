/**
 * The elements of one claim: read where they stand, their results written beside.
 *
 * Mirrors crates/core/README.md, "Elements".
 */
import type { TaskContext } from '../context.ts'
import { kindNamed, typeOf } from '../elements/kinds.ts'
import type { Numbers } from '../elements/kinds.ts'
import { readPlace } from '../elements/place.ts'
import type { ElementMemory } from '../elements/place.ts'
import { Stretches } from './stretches.ts'
import type { Claim } from './claim.ts'
import type { Desk } from './desk.ts'
import type { Prepared } from './functions.ts'

/** Results are told of so often, though all that is told after them waits for them. */
const TELL_MS = 1

export class Elements {
  readonly stretches: Stretches
  /** Whether results are written beside the elements; otherwise they are sent, one by one. */
  readonly direct: boolean
  readonly #desk: Desk
  readonly #claim: Claim
  readonly #input: Numbers
  /** Items that may be announced at a time, whatever they take. */
  readonly most: number = Infinity
  /** Elements below `#done` have ended, those below `#told` have been told of. */
  #done = 0
  #told = 0
  #toldAt: number

  constructor(desk: Desk, claim: Claim, prepared: Prepared, [input, output]: ElementMemory) {
    const { kind: name, direct } = prepared.elements as NonNullable<Prepared['elements']>
    const kind = kindNamed(name)
    const place = readPlace(claim.definitions())
    const offset = (claim.first - place.first) * kind.BYTES_PER_ELEMENT
    this.direct = direct && claim.width === 1
    this.#desk = desk
    this.#claim = claim
    this.#input = new kind(input, place.input + offset, claim.items)
    const cells = new kind(output, place.output + offset, claim.items)
    this.stretches = new Stretches(
      desk,
      claim,
      prepared,
      { kind: kind.name, cells: this.#input },
      { type: typeOf(kind), cells, shift: 0 },
    )
    this.#toldAt = performance.now()
  }

  read(item: number): unknown {
    return this.#input[item]
  }

  /** See `Stretches.run`. */
  run(cell: { item: number }, task: TaskContext, from: number, end: number): number {
    const { stretches } = this
    let next = stretches.run(cell, task, from, end)
    const isOdd = stretches.odd !== undefined
    if (!isOdd && next < end) next = stretches.pass(next)
    this.#done = isOdd ? next - 1 : next
    if (isOdd || stretches.ended - this.#toldAt > TELL_MS) this.#tell()
    if (isOdd) this.#told = this.#done = next
    return next
  }

  /** Nothing more comes. */
  end(): void {
    this.#tell()
    this.stretches.tellTimes()
  }

  /** Tells of the results so far. */
  #tell(): void {
    if (this.#done > this.#told) this.#desk.outbox.writeSpan(this.#claim.frame, this.#told, this.#done - this.#told)
    this.#told = this.#done
    this.#toldAt = performance.now()
  }
}
