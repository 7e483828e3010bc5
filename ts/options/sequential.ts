// Whether the whole process runs everything in order on its callers.

let sequential = process.env['EVERYCORE_SEQUENTIAL'] === '1'

/** Read by every call; the environment is looked at once, when the package loads. */
export function isSequential(): boolean {
  return sequential
}

/** Switches the mode; returns what it was. For tests that want their work in order. */
export function setSequential(value: boolean): boolean {
  const was = sequential
  sequential = value
  return was
}
