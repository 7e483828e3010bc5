// What went wrong, in the words of whatever was thrown, for the end of a message.

import { describe, peek } from './describe.ts'
import { isError } from './is-error.ts'

export function wordsOf(thrown: unknown): string {
  const message = isError(thrown) ? peek(thrown, 'message') : undefined
  return typeof message === 'string' && message !== '' ? message : describe(thrown)
}
