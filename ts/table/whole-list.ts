/** Whether a list has an element in each place, and nothing else that structured clone would bring. */
export function isWhole(value: unknown): value is unknown[] {
  if (!Array.isArray(value) || value.length === 0) return false
  // The names of elements come first, in their order.
  const keys = Object.keys(value)
  return keys.length === value.length && keys.at(-1) === String(value.length - 1)
}
