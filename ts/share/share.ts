/** `share`: a value that crosses to each worker once, however many calls it goes with. */
import { layOut } from '../codec/trim.ts'
import { refusal, tooDeep } from '../codec/uncloneable.ts'
import { clone } from '../codec/primordials.ts'
import { checkSize, checkViews } from '../codec/sizes.ts'
import { survey } from '../codec/survey.ts'
import { wrapParcel } from '../codec/parcel.ts'
import { PayloadTooLargeError } from '../errors.ts'
import { addShared, isShared } from './registry.ts'

/**
 * A read-only copy of `value` that crosses to each worker once and is the same object in all calls there. It has the type of `value` and may stand wherever a
 * value may: as an argument, in `use`, inside items. Plain objects and arrays are frozen, here and there. Typed arrays, Buffers among them, are put on
 * shared memory, also those inside: that one memory is seen by all threads.
 *
 * It lives in the workers as long as it does here. Only the whole is known: a part of it, given alone, is copied as any other value.
 * A primitive is given back as it is. Not worth it for values that go with a few calls only; `use` crosses once per worker and call anyway.
 *
 * @throws NotCloneableError with the path to what cannot cross; PayloadTooLargeError
 * @example
 * ```ts
 * const dictionary = share({ words: ['a', 'b'] })
 * await parMap(['b', 'c'], (word, _, { use }) => use.dictionary.words.includes(word), { use: { dictionary } }) // [true, false]
 * ```
 */
export function share<T>(value: T): T {
  const kind = typeof value
  if ((kind !== 'object' && kind !== 'function' && kind !== 'symbol') || value === null || isShared(value)) return value
  const found = survey(value)
  if (found.tooDeep) throw tooDeep('value')
  checkViews(found)
  try {
    const shared = layOut(value, { shared: true }).value as T & object
    // What cannot cross is told now, not by the first call.
    const left = survey(shared)
    checkSize(left)
    clone(wrapParcel(shared, left))
    addShared(shared)
    return shared
  } catch (error) {
    if (error instanceof PayloadTooLargeError) throw error
    throw refusal(value, 'value', error)
  }
}
