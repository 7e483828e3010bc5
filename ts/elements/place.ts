/** Where the elements of a segment stand in the memory that goes with it, as bytes that travel with each claim. */

/** A parcel: the memory that elements are read from, and that their results are written to. */
export type ElementMemory = readonly [input: SharedArrayBuffer, output: SharedArrayBuffer]

/** Beginnings in bytes, and the item that stands there. */
export interface Place {
  readonly first: number
  readonly input: number
  readonly output: number
}

export function writePlace({ first, input, output }: Place): Buffer {
  const bytes = Buffer.allocUnsafe(24)
  bytes.writeDoubleLE(first, 0)
  bytes.writeDoubleLE(input, 8)
  bytes.writeDoubleLE(output, 16)
  return bytes
}

export function readPlace(bytes: Uint8Array): Place {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { first: view.getFloat64(0, true), input: view.getFloat64(8, true), output: view.getFloat64(16, true) }
}
