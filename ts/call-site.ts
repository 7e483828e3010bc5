// Where a verb was called: captured once per job, put under the stacks of errors that were made far from any user's code.

/** `stack` is formatted when it is first read, which most jobs never do. */
export interface CallSite {
  readonly stack: string
}

/** The frames above `verb`. */
export function captureCallSite(verb: (...args: never[]) => unknown): CallSite {
  const site = {}
  Error.captureStackTrace(site, verb)
  return site as CallSite
}

/** Gives one of our own errors the frames of the call it belongs to, instead of those of a timer or a lane. */
export function standAt<E extends Error>(error: E, site: CallSite): E {
  const frames = String(site.stack)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n')
  if (frames !== '') error.stack = `${error.name}: ${error.message}\n${frames}`
  return error
}
