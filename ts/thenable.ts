// Tells promises, and whatever `await` would take for one, from other values.

/** May throw what a getter called `then` throws. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return (
    typeof value === 'object' && value !== null && typeof (value as Partial<PromiseLike<unknown>>).then === 'function'
  )
}

/** The rejection of work that nobody waits for any more is not an unhandled one. */
export function mute(answer: unknown): void {
  try {
    if (isThenable(answer)) Promise.resolve(answer).then(undefined, () => {})
  } catch {
    // A `then` that throws rejects nothing.
  }
}
