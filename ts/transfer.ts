/** Buffers that a call moves: detached at once where the call is accepted, untouched where it is refused. */
import { unwrapParcel, wrapParcel } from './codec/parcel.ts'
import { findUncloneable, tooDeep } from './codec/uncloneable.ts'
import { transferred } from './codec/primordials.ts'
import { checkSize } from './codec/sizes.ts'
import { survey } from './codec/survey.ts'
import { NotCloneableError } from './errors.ts'
import { LocalShares } from './share/local.ts'

/** Thrown in the midst of a rehearsal: what is to be moved is looked at before the value, and detached after it. */
const rehearsed: unique symbol = Symbol('rehearsed')
const rehearsal = {
  get value(): never {
    throw rehearsed
  },
}

/** @throws NotCloneableError for the first that cannot be moved; none has been then */
export function checkMovable(transfer: readonly ArrayBuffer[]): void {
  for (const [at, buffer] of transfer.entries()) {
    // Some Node releases move a detached buffer as an empty one.
    if (isDetached(buffer)) throw immovable(at, 'it has been moved or detached already', undefined)
    try {
      structuredClone(rehearsal, { transfer: [buffer] })
    } catch (error) {
      if (error !== rehearsed) throw immovable(at, (error as Error).message, error)
    }
  }
}

/**
 * The arguments on memory that nobody else has any more, for a call whose arguments cannot be sent yet.
 *
 * @throws NotCloneableError, PayloadTooLargeError; nothing has been moved then
 */
export function moved(args: readonly unknown[], transfer: readonly ArrayBuffer[]): readonly unknown[] {
  const shares = new LocalShares()
  const found = survey(args, shares)
  if (found.tooDeep) throw tooDeep('arguments')
  checkSize(found)
  try {
    const wrapped = wrapParcel(args, found, shares)
    return unwrapParcel(transferred(wrapped, transfer), shares.get) as unknown[]
  } catch (error) {
    const path = findUncloneable(args, 'arguments')
    throw new NotCloneableError(`${path} cannot be moved to a worker: ${(error as Error).message}`, {
      path,
      cause: error,
    })
  }
}

function immovable(at: number, why: string, cause: unknown): NotCloneableError {
  const path = `transfer[${at}]`
  return new NotCloneableError(`${path} cannot be moved to a worker: ${why}`, { path, cause })
}

function isDetached(buffer: ArrayBuffer): boolean {
  try {
    // An empty view: of some sizes no view of all of it can be made.
    return new Uint8Array(buffer, 0, 0).buffer !== buffer
  } catch {
    return true
  }
}
