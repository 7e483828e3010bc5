// The kinds of typed arrays that native functions take.

export const NUMBER_KINDS = [
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
]
export const BIG_KINDS = [BigInt64Array, BigUint64Array]
/** All, as if they were one. */
export const KINDS = [...NUMBER_KINDS, ...BIG_KINDS] as unknown as (typeof Float64Array)[]
