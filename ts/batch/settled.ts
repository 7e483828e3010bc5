// A batch whose promises are awaited.

import { isThenable, mute } from '../thenable.ts'

/** The batch itself, or a promise of it: of all its items, so that a rejected one fails its batch. */
export function settled(batch: unknown[]): unknown[] | Promise<unknown[]> {
  try {
    return batch.some(isThenable) ? Promise.all(batch) : batch
  } catch (error) {
    // A getter called `then` that throws.
    batch.forEach(mute)
    return Promise.reject(error as Error)
  }
}
