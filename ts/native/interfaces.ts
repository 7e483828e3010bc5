/** The options of native functions, as their callers give them. */
import type { PoolHandle } from '../options/pool-brand.ts'

/** What every native function takes. */
export interface NativeOptions {
  /** Ends the call: it rejects with the signal's reason at once; native threads stop at their next piece. @default none */
  signal?: AbortSignal | undefined
  /** The pool whose native threads do it. @default the shared pool */
  pool?: PoolHandle | undefined
}

/** What `sort` takes. */
export interface NativeSortOptions extends NativeOptions {
  /** Sorts the given array itself, which must stand on shared memory. @default false */
  inPlace?: boolean | undefined
}

/** What `wordCount` takes. */
export interface NativeWordOptions extends NativeOptions {
  /**
   * What a word is: a run of anything but white space, or a word as Unicode segments text (UAX #29), with a letter or digit in it.
   * @default 'spaces'
   */
  words?: 'spaces' | 'unicode' | undefined
}
