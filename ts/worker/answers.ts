/** What comes of the items of a claim: each result or error as a record in the outbox, or posted where bytes cannot carry it. */
import { Encoder } from '../codec/encoder.ts'
import { dismantle } from '../codec/error-envelope.ts'
import type { ErrorPayload } from '../lanes/outcome.ts'
import { DEFINITIONS, ERROR, VALUE } from '../pool/hub.ts'
import { COMMITTED } from './panel.ts'
import type { Claim } from './claim.ts'
import type { Desk } from './desk.ts'

export class Answers {
  readonly #desk: Desk
  readonly #claim: Claim
  readonly #encoder: Encoder
  /** Index of the first item's state byte. */
  readonly #bytes: number

  constructor(desk: Desk, claim: Claim) {
    this.#desk = desk
    this.#claim = claim
    this.#encoder = desk.encoders.pop() ?? new Encoder({ freight: 'parcels' })
    this.#encoder.reset()
    this.#bytes = desk.panel.bytesOf(claim.frame)
  }

  /** A result that goes in a row; `left` items may go there, with this one. */
  number(item: number, left: number, value: number): void {
    this.#desk.outbox.number(this.#claim.frame, item, left, value)
    this.#committed(item)
  }

  /** Of an attempt that ran for so many ms, 0 where nobody looked at the clock. @throws what encoding throws; then nothing was written */
  value(item: number, ran: number, value: unknown): void {
    this.#write(VALUE, item, ran, value)
    this.#committed(item)
  }

  error(item: number, ran: number, error: unknown, rest: Omit<ErrorPayload, 'error'>): void {
    try {
      this.#write(ERROR, item, ran, { error: dismantle(error), ...rest })
    } catch (second) {
      this.#write(ERROR, item, ran, { error: dismantle(second), ranMs: rest.ranMs })
    }
    this.#committed(item)
  }

  /** Nothing more comes of the claim. */
  end(): void {
    this.#desk.encoders.push(this.#encoder)
  }

  /** After the result. Not by `Atomics`: it only calls off kills, as the result does, and each item that starts makes public what was written before. */
  #committed(item: number): void {
    this.#desk.panel.states[this.#bytes + item] = COMMITTED
  }

  #write(kind: number, item: number, ran: number, value: unknown): void {
    const encoder = this.#encoder
    const { outbox } = this.#desk
    const { frame, first } = this.#claim
    encoder.rewind()
    encoder.item(value, kind === VALUE ? 'result' : 'error')
    if (encoder.parcels.length > 0) {
      this.#desk.postResult(this.#claim, first + item, encoder.takeParcels()[0], encoder.takeMemory())
      outbox.writePosted(frame, kind, item, ran)
      return
    }
    const definitions = encoder.takeDefinitions()
    if (definitions !== null) outbox.write(frame, DEFINITIONS, item, 0, definitions, definitions.length)
    outbox.write(frame, kind, item, ran, encoder.buffer, encoder.length)
  }
}
