// The memory that travels in place of a buffer: of one that only views stand on, the bytes that they cover together.

import { copyOf } from '../large-memory.ts'
import { bufferBytes } from './primordials.ts'
import type { Region } from './survey.ts'

/** The memory, and where it begins in the buffer. */
export interface Cut {
  readonly memory: ArrayBufferLike
  readonly from: number
}

const slice = ArrayBuffer.prototype.slice

/** What travels is put on memory of its own. */
export interface CutRules {
  /** On memory that all threads can see. */
  readonly shared?: boolean | undefined
  /** Also where all of a buffer travels. */
  readonly copied?: boolean | undefined
  /** But for these. */
  readonly moved?: ((buffer: ArrayBuffer) => boolean) | undefined
}

/** Whether less than the whole buffer travels. */
export function isPart(buffer: ArrayBufferLike, { from, to, step }: Region): boolean {
  return start(from, step) > 0 || to < bufferBytes(buffer as ArrayBuffer)
}

export class Cuts {
  readonly #regions: ReadonlyMap<ArrayBufferLike, Region>
  readonly #made = new Map<ArrayBufferLike, Cut>()
  readonly #rules: CutRules

  constructor(regions: ReadonlyMap<ArrayBufferLike, Region>, rules: CutRules = {}) {
    this.#regions = regions
    this.#rules = rules
  }

  /** All that was cut. */
  get memory(): ArrayBufferLike[] {
    return [...this.#made.values()].map(({ memory }) => memory)
  }

  /** The same for each view on one buffer, so that they go on sharing their memory. */
  of(buffer: ArrayBuffer): Cut {
    const known = this.#made.get(buffer)
    if (known !== undefined) return known
    const region = this.#regions.get(buffer)!
    const from = start(region.from, region.step)
    const cut = this.#cut(buffer, region, from)
    this.#made.set(buffer, cut)
    return cut
  }

  #cut(buffer: ArrayBuffer, region: Region, from: number): Cut {
    const { shared, copied, moved } = this.#rules
    if (shared) {
      const memory = new SharedArrayBuffer(region.to - from)
      new Uint8Array(memory).set(new Uint8Array(buffer, from, region.to - from))
      return { memory, from }
    }
    const isWhole = !isPart(buffer, region)
    if (isWhole && (!copied || moved?.(buffer) === true)) return { memory: buffer, from: 0 }
    return { memory: copied ? copyOf(buffer, from, region.to) : slice.call(buffer, from, region.to), from }
  }
}

// An offset that was a multiple of an element's size must stay one.
function start(from: number, step: number): number {
  return from - (from % step)
}
