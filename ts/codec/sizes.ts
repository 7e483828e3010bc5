// What is too large to be sent, told before any of it is copied.

import { PayloadTooLargeError } from '../errors.ts'
import { LARGEST } from './format.ts'
import type { Survey } from './survey.ts'

/** @throws PayloadTooLargeError */
export function checkSize(found: Survey): void {
  checkViews(found)
  if (found.bytes > LARGEST) throw tooLarge()
}

/** The same of what is to stand on shared memory. @throws PayloadTooLargeError */
export function checkViews({ wide }: Survey): void {
  if (!wide) return
  throw new PayloadTooLargeError(
    'a view on 4 GiB or more of shared memory cannot be sent; send its SharedArrayBuffer, and make the view where it arrives',
  )
}

export function tooLarge(): PayloadTooLargeError {
  return new PayloadTooLargeError(
    'one argument or result takes more than 1 GiB; put large data on a SharedArrayBuffer, or send it in parts',
  )
}
