// Appends values to one growing buffer: as tagged bytes where they are proven plain data, else as a V8 graph, else as parcels beside it.

import { FREIGHT, GRAPH, LARGEST, PARCEL } from './format.ts'
import { Freight, isHeavy } from './freight.ts'
import { writeGraph } from './graph.ts'
import { PlainWriter } from './plain-writer.ts'
import { ShapeTable } from './shapes.ts'
import { checkSize, tooLarge } from './sizes.ts'
import { survey } from './survey.ts'
import type { Survey } from './survey.ts'
import { refusal, snapshotParcel, tooDeep } from './uncloneable.ts'
import type { Root } from './uncloneable.ts'
import { ByteWriter } from './writer.ts'
import { sharing } from '../share/registry.ts'
import type { ShareNumbers } from '../share/registry.ts'

export interface EncoderOptions {
  readonly initialBytes?: number
  /** What is shared goes by its number. */
  readonly shares?: ShareNumbers | undefined
  /** Keeps freight until it is asked for, and gives its number; or `parcels`: it goes with them. Without this nothing is freight. */
  readonly freight?: ((freight: Freight) => number) | 'parcels' | undefined
}

/** Used by a caller for each segment, and by a worker for each claim. */
export class Encoder {
  readonly #out: ByteWriter
  readonly #shapes = new ShapeTable()
  readonly #plain: PlainWriter
  readonly #shares: ShareNumbers | undefined
  readonly #keep: EncoderOptions['freight']
  #parcels: unknown[] = []
  #freight: number[] = []
  #memory: ArrayBuffer[] = []
  #beside = 0
  #busy = false

  constructor({ initialBytes = 4096, shares, freight }: EncoderOptions = {}) {
    this.#out = new ByteWriter(initialBytes)
    this.#shares = shares
    this.#keep = freight
    this.#plain = new PlainWriter(this.#out, this.#shapes, shares, freight !== undefined)
  }

  /** Holds the items in its first `length` bytes; replaced as it grows, written over after `reset` and `rewind`. */
  get buffer(): Buffer {
    return this.#out.buffer
  }

  get length(): number {
    return this.#out.length
  }

  /** Ready to be posted as they are, by the index in the tags; a decoder unwraps them. */
  get parcels(): readonly unknown[] {
    return this.#parcels
  }

  /** The parcels so far; the next one has index 0 again. */
  takeParcels(): unknown[] {
    const taken = this.#parcels
    this.#parcels = []
    return taken
  }

  /** Numbers of the freight since they were last taken: to be dropped when the last of the items has ended. */
  takeFreight(): number[] {
    const taken = this.#freight
    this.#freight = []
    return taken
  }

  /** The memory that is to be handed over with the parcels. */
  takeMemory(): ArrayBuffer[] {
    const taken = this.#memory
    this.#memory = []
    return taken
  }

  /** Bytes of the freight among the items. */
  get beside(): number {
    return this.#beside
  }

  /** Shapes defined since they were last taken: a decoder must know them before the items that were written in between. */
  takeDefinitions(): Uint8Array | null {
    return this.#shapes.take()
  }

  /** What is shared in the items since it was last asked for: to be held until the last of them has ended. */
  takeShares(): ReadonlySet<object> | undefined {
    return this.#shares?.take?.()
  }

  /** Forgets bytes, definitions and parcels. */
  reset(): void {
    this.#out.clear()
    this.#shapes.clear()
    this.#parcels = []
    this.#beside = 0
  }

  /** Forgets the bytes only. */
  rewind(): void {
    this.#out.clear()
  }

  /**
   * Appends exactly one item; where it throws, nothing was appended.
   *
   * @throws NotCloneableError with the path from `root`; PayloadTooLargeError.
   */
  item(value: unknown, root: Root = 'item'): void {
    // The getter of an item could start a job of its own in the middle of this one.
    if (this.#busy) throw new Error('a getter of an item must not start another job')
    this.#busy = true
    const start = this.#out.length
    try {
      if (!this.#plain.write(value)) {
        this.#out.length = start
        this.#putOther(value, root)
      }
      if (this.#out.length - start > LARGEST) throw tooLarge()
    } catch (error) {
      this.#out.length = start
      throw error
    } finally {
      this.#busy = false
    }
  }

  // What is not proven plain data item by item: as a graph if a survey says so, else as a parcel.
  #putOther(value: unknown, root: Root): void {
    const found = survey(value, sharing.any ? this.#shares : undefined)
    if (found.tooDeep) throw tooDeep(root)
    checkSize(found)
    if (this.#keep !== undefined && isHeavy(found)) return this.#putFreight(value, root, found)
    if (found.plain && !found.shares && this.#putGraph(value, found)) return
    this.#putParcel(snapshotParcel(value, root, this.#shares, found))
  }

  #putParcel(parcel: unknown): void {
    this.#parcels.push(parcel)
    this.#out.byte(PARCEL)
    this.#out.varint(this.#parcels.length - 1)
  }

  #putFreight(value: unknown, root: Root, found: Survey): void {
    let freight: Freight
    try {
      freight = new Freight(value, found, this.#shares)
    } catch (error) {
      throw refusal(value, root, error)
    }
    if (typeof this.#keep === 'function') {
      const number = this.#keep(freight)
      this.#freight.push(number)
      this.#beside += freight.bytes
      this.#out.byte(FREIGHT)
      this.#out.varint(number)
      return
    }
    this.#memory.push(...freight.sealed.memory)
    this.#putParcel(freight.sealed.values)
  }

  #putGraph(value: unknown, found: Survey): boolean {
    let bytes: Uint8Array
    try {
      bytes = writeGraph(value, found)
    } catch {
      return false
    }
    this.#out.byte(GRAPH)
    this.#out.bytes(bytes)
    return true
  }
}
