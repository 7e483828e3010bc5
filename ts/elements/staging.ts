/**
 * The memory through which elements of ordinary arrays pass: a few blocks of shared memory that go round for as long as the pool lives.
 *
 * The first touch of fresh shared memory costs more than most functions take for what fits into it; a block that has been round is warm, in the
 * caches of all who use it, and known to every worker.
 */
import type { Hub } from '../pool/hub.ts'
import type { ElementMemory } from './place.ts'

/** Bytes of elements in a block, and as many of results. */
export const BLOCK_BYTES: number = 256 * 1024
/** Blocks that are kept: some milliseconds of work of even the quickest function, so that the caller may be away meanwhile. */
const BLOCKS = 16

export interface Block {
  readonly parcel: number
  readonly memory: ElementMemory
}

export class Staging {
  readonly #hub: Hub
  readonly #free: Block[] = []
  readonly #waiting = new Set<() => void>()
  #made = 0

  constructor(hub: Hub) {
    this.#hub = hub
  }

  /** Whether there is a block for somebody who holds so many. Whoever holds none gets one in any case: those that hold the others may wait for him. */
  has(held: number): boolean {
    return held === 0 || this.#free.length > 0 || this.#made < BLOCKS
  }

  /** The block that came back last, which is the warmest. */
  take(): Block {
    return this.#free.pop() ?? this.#make()
  }

  /** Nobody touches the block any more. */
  give(block: Block): void {
    if (this.#made > BLOCKS) return this.lose(block)
    this.#free.push(block)
    this.#wake()
  }

  /** Some worker may touch the block at any time: nobody else gets it. */
  lose({ parcel }: Block): void {
    this.#made--
    this.#hub.drop([parcel])
    this.#wake()
  }

  /** Calls `room` once when there may be a block. */
  await(room: () => void): void {
    this.#waiting.add(room)
  }

  forget(room: () => void): void {
    this.#waiting.delete(room)
  }

  #make(): Block {
    this.#made++
    const memory: ElementMemory = [new SharedArrayBuffer(BLOCK_BYTES), new SharedArrayBuffer(BLOCK_BYTES)]
    return { parcel: this.#hub.give(memory), memory }
  }

  #wake(): void {
    for (const room of this.#waiting) {
      if (!this.has(1)) return
      this.#waiting.delete(room)
      room()
    }
  }
}
