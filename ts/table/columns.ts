// What stands in the cells of a column. A cell has 8 bytes: a double, or two words, the first of which is the value and the second tells of a gap.

/** `null` or `undefined` in a column of something else; 0 stands where a value is. */
export const NULL_GAP = 1
export const UNDEFINED_GAP = 2

/** Longer texts go as items of their own. */
export const LONGEST_TEXT = 8192

/**
 * Small letters have a value in each cell; of the capital ones any may be a gap, and of `G` all are.
 *
 * `i` and `I`: small integers; `d` and `D`: doubles; `b` and `B`: booleans; `t` and `T`: texts, of which the cell tells the end.
 */
export type Column = 'i' | 'd' | 'b' | 't' | 'I' | 'D' | 'B' | 'T' | 'G'

/** The narrowest column that takes the value; `undefined` where none does. */
export function columnFor(value: unknown): Column | undefined {
  switch (typeof value) {
    case 'number':
      return isSmall(value) ? 'i' : 'd'
    case 'string':
      return value.length <= LONGEST_TEXT ? 't' : undefined
    case 'boolean':
      return 'b'
    case 'undefined':
      return 'G'
    default:
      return value === null ? 'G' : undefined
  }
}

/** The narrowest column that takes all that either takes; `undefined` where none does. */
export function joined(a: Column, b: Column): Column | undefined {
  if (a === b) return a
  const kind = joinedKind(a.toLowerCase(), b.toLowerCase())
  if (kind === undefined) return undefined
  const gaps = hasGaps(a) || hasGaps(b)
  return (gaps ? kind.toUpperCase() : kind) as Column
}

export function hasGaps(column: Column): boolean {
  return column < 'a'
}

export function isText(column: Column): boolean {
  return column === 't' || column === 'T'
}

/** Not -0, which is a double. */
export function isSmall(value: number): boolean {
  return value === (value | 0) && (value !== 0 || 1 / value > 0)
}

/** What a gap stands for. */
export function gap(word: number): null | undefined {
  return word === NULL_GAP ? null : undefined
}

function joinedKind(a: string, b: string): string | undefined {
  if (a === b || b === 'g') return a
  if (a === 'g') return b
  return (a === 'i' && b === 'd') || (a === 'd' && b === 'i') ? 'd' : undefined
}
