// Values with much memory in them: it is handed from thread to thread, where bytes of items are copied at every stop on the way.
//
// What travels is a copy, made once when the value is sent, or the memory itself where the call moves it. It stays on its thread until whoever runs
// the item asks for it: see ts/pool/README.md, "Freight".

import { parcelOf } from './parcel.ts'
import { transferred } from './primordials.ts'
import { layOut } from './trim.ts'
import type { ShareNumbers } from '../share/registry.ts'
import type { Survey } from './survey.ts'

/** Bytes of memory from which on a value is freight: a call with 4 MiB takes 1.0 ms instead of 2.4, one with 64 MB 43 instead of 112; with 1 MiB either way is as good. */
export const HEAVY: number = 2 ** 21

/** Whether a value is freight; `found` is what a survey says of it. */
export function isHeavy({ regions }: Survey): boolean {
  let bytes = 0
  for (const { from, to } of regions.values()) bytes += to - from
  return bytes >= HEAVY
}

export function bytesIn(memory: readonly ArrayBuffer[]): number {
  return memory.reduce((sum, { byteLength }) => sum + byteLength, 0)
}

/** A parcel that is to be posted once, and the memory that is handed over with it. */
export interface Sealed {
  readonly values: unknown
  readonly memory: readonly ArrayBuffer[]
}

export class Freight {
  #sealed: Sealed
  readonly bytes: number

  /** Throws what structured clone and getters throw. */
  constructor(value: unknown, { plain }: Survey, shares: ShareNumbers | undefined) {
    // Only what is sure to be accepted is moved: the rest is cloned first, on memory of its own.
    const mayMove = plain ? isMoving : undefined
    const laid = layOut(value, { shares, copied: true, moved: mayMove })
    const { memory } = laid
    this.#sealed = { values: parcelOf(laid), memory }
    this.bytes = bytesIn(memory)
    const moves = mayMove === undefined ? [] : memory.filter(mayMove)
    for (const buffer of moves) moving?.set(buffer, this)
    if (moves.length === 0) this.seal()
  }

  get sealed(): Sealed {
    return this.#sealed
  }

  /** From now on nobody else has any of it. */
  seal(): void {
    this.#sealed = transferred(this.#sealed, this.#sealed.memory)
  }
}

/** The buffers that the call which is being made moves, with the freight they are in. */
let moving: Map<ArrayBuffer, Freight | undefined> | undefined

function isMoving(buffer: ArrayBuffer): boolean {
  return moving?.has(buffer) === true
}

/** Makes a call that moves buffers; `start` tells whether it was accepted. Then they are detached, and untouched otherwise. */
export function moveWith(transfer: readonly ArrayBuffer[], start: () => boolean): void {
  const outer = moving
  const inner = new Map<ArrayBuffer, Freight | undefined>(transfer.map((buffer) => [buffer, undefined]))
  moving = inner
  try {
    if (!start()) return
  } finally {
    moving = outer
  }
  for (const freight of new Set(inner.values())) freight?.seal()
  // The bytes of the others have been copied to where they are to be.
  transferred(
    null,
    transfer.filter((buffer) => inner.get(buffer) === undefined),
  )
}
