// The functions that the examples run in workers: an ordinary module, imported by each worker once.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'

const isSpace = (byte) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d)

/** Reads one file; tells its size, its SHA-256 and how many words stand in it, a word being a run of bytes without white space. */
export function hashAndCount(path) {
  const bytes = readFileSync(path)
  let words = 0
  let inWord = false
  for (let i = 0; i < bytes.length; i++) {
    const space = isSpace(bytes[i])
    if (!space && !inWord) words++
    inWord = !space
  }
  return { path, size: bytes.length, words, hash: createHash('sha256').update(bytes).digest('hex') }
}
