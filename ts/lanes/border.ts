/** What crossing to a worker and back does to values, for calls that stay on this thread although their function would have left it. What is shared stays itself. */
import { dismantle, rebuild } from '../codec/error-envelope.ts'
import { unwrapParcel } from '../codec/parcel.ts'
import { snapshotParcel } from '../codec/uncloneable.ts'
import { LocalShares } from '../share/local.ts'
import { isShared, sharing } from '../share/registry.ts'
import type { Border } from './sequential.ts'

export const border: Border = {
  into: (item, what = 'item') => copy(item, what),
  out: (result) => copy(result, 'result'),
  failure: (error) => rebuild(dismantle(error)),
}

function copy(value: unknown, root: string): unknown {
  if ((typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol') || value === null)
    return value
  if (!sharing.any) return unwrapParcel(snapshotParcel(value, root))
  if (isShared(value)) return value
  const shares = new LocalShares()
  return unwrapParcel(snapshotParcel(value, root, shares), shares.get)
}
