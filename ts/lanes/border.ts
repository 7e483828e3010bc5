/** What crossing to a worker and back does to values, for calls that stay on this thread although their function would have left it. */
import { findUncloneable } from '../codec/cloneable.ts'
import { dismantle, rebuild } from '../codec/error-envelope.ts'
import { unwrapParcel, wrapParcel } from '../codec/parcel.ts'
import { NotCloneableError } from '../errors.ts'
import type { Border } from './sequential.ts'

export const border: Border = {
  into: (item) => clone(item, 'item', 'sent to a worker'),
  out: (result) => clone(result, 'result', 'sent back'),
  failure: (error) => rebuild(dismantle(error)),
}

function clone(value: unknown, root: string, where: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') || value === null) return value
  try {
    return unwrapParcel(structuredClone(wrapParcel(value)))
  } catch (error) {
    const path = findUncloneable(value, root)
    if (path === undefined) throw error
    throw new NotCloneableError(`${path} cannot be ${where}: ${(error as Error).message}`, { path, cause: error })
  }
}
