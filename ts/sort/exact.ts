/** Integers beyond 2^53 as texts whose order is theirs: for telling apart those that are the same double. */

/** Of a number of at least 2^53 on either side of 0, or a bigint whose double is. */
export function exactText(key: number | bigint): string {
  if (key === Infinity) return '3'
  if (key === -Infinity) return '0'
  const integer = BigInt(key)
  const digits = (integer < 0n ? -integer : integer).toString(16)
  const long = String.fromCharCode(digits.length >>> 16, digits.length & 0xffff)
  // Of negative integers the order is turned, digit by digit.
  return integer < 0n ? `1${turned(long)}${turned(digits)}` : `2${long}${digits}`
}

function turned(text: string): string {
  return Array.from({ length: text.length }, (_, i) => String.fromCharCode(0xffff - text.charCodeAt(i))).join('')
}
