// What a function is called in errors, metrics and events.

/** Its own name if that is a string with something in it; classes may have a method of that name. */
export function nameOf(fn: unknown): string {
  const name: unknown = typeof fn === 'function' ? read(fn) : undefined
  return typeof name === 'string' && name !== '' ? name : 'anonymous'
}

// A getter of that name may throw, and so does a proxy that was revoked.
function read(fn: { readonly name: unknown }): unknown {
  try {
    return fn.name
  } catch {
    return undefined
  }
}
