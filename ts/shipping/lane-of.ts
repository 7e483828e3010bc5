/** Whether a function is async, as written or as a compiler left it: that decides where it runs. */
import { sourceOf } from './analysis.ts'

const tagOf = Object.prototype.toString

/** True for `async` functions (bound ones too) and for what compilers make of them; see crates/shipping/README.md. */
export function isAsync(fn: Function): boolean {
  return tagOf.call(fn) === '[object AsyncFunction]' || sourceOf(fn).analysis.isLoweredAsync
}
