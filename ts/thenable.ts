// Tells promises, and whatever `await` would take for one, from other values.

/** May throw what a getter called `then` throws. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === 'function'
  )
}

/**
 * Whether an item is to be awaited. One that cannot be asked (a `then` that throws when looked at, a revoked proxy) is none: it goes its way as any value,
 * and fails where it is used.
 */
export function isPromised(item: unknown): item is PromiseLike<unknown> {
  try {
    return isThenable(item)
  } catch {
    return false
  }
}

/** The rejection of work that nobody waits for any more is not an unhandled one. */
export function mute(answer: unknown): void {
  try {
    if (isThenable(answer)) Promise.resolve(answer).then(undefined, () => {})
  } catch {
    // A `then` that throws rejects nothing.
  }
}
