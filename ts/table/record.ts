/**
 * A table of results, as it comes from a worker. The record's payload begins with four words: how many of its rows to skip, how many are results, the
 * bytes of the description, which follows, and where in the payload the text begins. The rows stand behind the description.
 */
import { readDescription } from './layout.ts'
import { TableReader } from './reader.ts'

export const HEAD = 16

/** The results, in order. */
export function readTable(payload: Buffer): unknown[] {
  const skip = payload.readUInt32LE(0)
  const count = payload.readUInt32LE(4)
  const rows = HEAD + payload.readUInt32LE(8)
  const text = payload.readUInt32LE(12)
  const reader = new TableReader(readDescription(payload.subarray(HEAD, rows)), {
    bytes: payload,
    rows,
    count: skip + count,
    text: () => text,
    base: () => 0,
  })
  const { read } = reader.layout
  const values: unknown[] = []
  values.length = count
  for (let i = 0; i < count; i++) values[i] = read(reader, skip + i)
  return values
}
