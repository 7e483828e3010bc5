// The base of every error this package makes itself: a stable `code` beside the message.

import { brand } from './brand.ts'

/**
 * Base class of all errors made by everycore. Tell them apart by `code` (or by class), never by their message.
 *
 * `instanceof` works across realms and across two copies of the package.
 */
export abstract class EverycoreError extends Error {
  /** Stable across versions, such as `ERR_TIMEOUT`. */
  abstract readonly code: string
}
brand(EverycoreError, 'EverycoreError')
