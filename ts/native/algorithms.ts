// The algorithms of `native.hash`.

/** By name: the number that the addon knows it by, the bytes of its digest, and whether it is as fast as a copy. */
export const ALGORITHMS = {
  sha256: { number: 0, length: 32, fast: false },
  sha512: { number: 1, length: 64, fast: false },
  blake3: { number: 2, length: 32, fast: false },
  xxh3: { number: 3, length: 8, fast: true },
  crc32: { number: 4, length: 4, fast: true },
} as const

export type HashAlgorithm = keyof typeof ALGORITHMS
