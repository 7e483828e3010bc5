// Short strings of one byte a unit: `fromCharCode` with all units at once takes 3 ns a unit, a call into Node 60 to 130 however short they are, and
// putting them together one by one gives ropes.

import { compileFunction } from 'node:vm'

/** Longer ones are worth a call into Node. */
export const LONGEST = 32

const { fromCharCode } = String

type Read = (bytes: Uint8Array, at: number) => string

// By `node:vm`, as records are: see record-shape.ts. Nothing of the realm that it compiles for is in a string.
const readers: (Read | undefined)[] = [() => '']

/** `length` units from `at` on, at most `LONGEST`. */
export function shortText(bytes: Uint8Array, at: number, length: number): string {
  return (readers[length] ??= readerOf(length))(bytes, at)
}

function readerOf(length: number): Read {
  const units = Array.from({ length }, (_, i) => `bytes[at + ${i}]`)
  const code = `return (bytes, at) => fromCharCode(${units.join(', ')})`
  return (compileFunction(code, ['fromCharCode']) as (from: typeof fromCharCode) => Read)(fromCharCode)
}
