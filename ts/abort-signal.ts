/** Users' signals, which may be of another library or realm: whatever they throw, a job that listened to one settles. */

/** Stops listening. */
export function unlisten(signal: AbortSignal | undefined, onAbort: () => void): void {
  try {
    signal?.removeEventListener('abort', onAbort)
  } catch {
    // What it calls now finds a job that has settled.
  }
}

/** Why it was aborted; or what it throws instead of telling. */
export function reasonOf(signal: AbortSignal | undefined): unknown {
  try {
    return signal?.reason
  } catch (error) {
    return error
  }
}
