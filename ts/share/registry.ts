// Which objects of this thread are shared: made by `share`, or arrived as such. They cross by a number instead of as themselves.

const known = new WeakSet<object>()

/** Whether there are any: until then nobody need look. */
export const sharing: { any: boolean } = { any: false }

export function isShared(value: unknown): boolean {
  return sharing.any && typeof value === 'object' && value !== null && known.has(value)
}

export function addShared(value: object): void {
  known.add(value)
  sharing.any = true
}

/** By which numbers shared objects cross to some place. */
export interface ShareNumbers {
  /** 0 for an object that is not shared. */
  numberOf(value: object): number
  /** Those that were asked about since they were last taken: to be held for as long as their numbers may be read. */
  take?(): ReadonlySet<object> | undefined
}
