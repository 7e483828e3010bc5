/** Errors of pieces in the words of the call that was cut: there the user's values stand neither in our `use` nor in a piece. */
import { standAt } from '../call-site.ts'
import type { CallSite } from '../call-site.ts'
import { attachTaskInfo, CaptureError, NotCloneableError, taskInfo } from '../errors.ts'
import { ship } from '../shipping/ship.ts'
import { shipUse } from '../shipping/use.ts'

export interface Cutting {
  /** The user's `use`. */
  readonly use: unknown
  /** Which of the call's items stands at `at` in piece `piece`. */
  readonly placeOf: (piece: number, at: number) => number
  readonly site: CallSite
}

/** What a piece's `item` or the `use` of all is called, and where the rest of the path begins. */
const inUse = /^use\.given/
const inPiece = /^item\.items\[(\d+)\]/

export function retold(error: unknown, { use, placeOf, site }: Cutting): unknown {
  if (error instanceof CaptureError) return captured(use) ?? error
  if (!(error instanceof NotCloneableError)) return error
  const { path, message, cause } = error
  const info = taskInfo(error)
  const at = inPiece.exec(path)?.[1]
  const place = at === undefined ? undefined : placeOf(info?.index ?? 0, Number(at))
  const known = place === undefined ? path.replace(inUse, 'use') : path.replace(inPiece, `items[${place}]`)
  if (known === path) return error
  const own = standAt(
    new NotCloneableError(
      message.replace(path, () => known),
      { path: known, cause },
    ),
    site,
  )
  if (info !== undefined && place !== undefined) attachTaskInfo(own, { ...info, index: place })
  return own
}

/** The error of a function in the user's `use`, if it was one. */
function captured(use: unknown): unknown {
  try {
    shipUse(use, (fn, label) => ship(fn, { label, hasOn: false }))
    return undefined
  } catch (error) {
    return error
  }
}
