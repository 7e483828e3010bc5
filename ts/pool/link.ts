/** What a worker and its home say to each other over their private port; results and work do not pass here. */
import type { ErrorRecord } from '../codec/error-envelope.ts'
import type { QueueRules } from './hub.ts'
import type { PoolSettings } from '../options/settings.ts'
import type { FunctionSource } from './recipe.ts'
import type { Verdict } from './verdict.ts'
import type { Setup } from '../worker/set-up.ts'

/** How a worker is told to start; sent before its thread runs, never in `workerData`, which tasks can read. */
export interface Boot {
  readonly t: 'boot'
  readonly pool: number
  /** The pool's name, and how many workers it has at most. */
  readonly name: string
  readonly workers: number
  readonly slot: number
  readonly epoch: number
  readonly words: SharedArrayBuffer
  readonly panel: SharedArrayBuffer
  /** How far what its tasks print has come. */
  readonly printed: SharedArrayBuffer
  readonly link: import('node:worker_threads').MessagePort
  /** The main module of the process, from which shipped functions resolve packages. */
  readonly main: string | undefined
  /** Runs before any work. */
  readonly setup: Setup | undefined
  readonly recycleAfter: PoolSettings['recycleAfter']
  readonly queue: QueueRules
  /** Modules that have ended workers: to be loaded only when the home says so. */
  readonly suspects: readonly string[]
  /** Ms of idleness after which the worker offers to leave. */
  readonly idleTimeout: number
}

/** A call that goes to each worker. */
export interface AddressedCall {
  readonly id: string
  readonly fn: FunctionSource
  readonly name: string
  /** Never with a context. */
  readonly bare: boolean
  /** As a parcel. */
  readonly args: unknown
}

/** What came of it in one worker: a value as a parcel, an error, or why the worker is gone. */
export type WorkerAnswer = { readonly slot: number; readonly ranMs: number } & (
  | { readonly value: unknown }
  | { readonly error: ErrorRecord }
  | { readonly verdict: Verdict }
)

export type ToWorker =
  /** Values that bytes cannot carry, or that go once per worker. */
  | { readonly t: 'parcel'; readonly id: number; readonly values: unknown }
  /** Nobody needs these parcels any more. */
  | { readonly t: 'drop'; readonly ids: readonly number[] }
  /** A result for a call that this worker made, which bytes could not carry. */
  | {
      readonly t: 'result'
      readonly job: number
      readonly index: number
      readonly value: unknown
      readonly bytes: number
    }
  /** Whether a module has ended workers that loaded it. */
  | { readonly t: 'suspect'; readonly url: string; readonly is: boolean }
  /** The answer to `mayLoad`: `null` is yes. */
  | { readonly t: 'load'; readonly url: string; readonly refusal: ErrorRecord | null }
  /** To be made between items; a sticky one before the first. `late`: it was made before this worker started. */
  | { readonly t: 'call'; readonly call: AddressedCall; readonly sticky: boolean; readonly late: boolean }
  /** What came of a broadcast that a task of this worker has made. */
  | { readonly t: 'answers'; readonly id: string; readonly answers: readonly WorkerAnswer[] }
  /** Wake up and look whether you are to leave. */
  | { readonly t: 'look' }

export type ToHome =
  /** Set up, and about to claim. */
  | { readonly t: 'up' }
  /** Could not start. */
  | { readonly t: 'failed'; readonly error: ErrorRecord }
  /** A result that bytes could not carry, for the home or for the worker in slot `to`. */
  | {
      readonly t: 'result'
      readonly to: number | null
      readonly job: number
      readonly index: number
      readonly value: unknown
      /** Of the memory that is handed over. */
      readonly bytes: number
    }
  /** Parcels of a call that this worker makes: pass them on to all others. */
  | { readonly t: 'parcel'; readonly id: number; readonly values: unknown }
  | { readonly t: 'drop'; readonly ids: readonly number[] }
  /** An item that has begun here needs this parcel, which only this worker is to have. */
  | { readonly t: 'freight'; readonly id: number }
  /** About to load a module; it has been evaluated, or can never be. */
  | { readonly t: 'loading'; readonly url: string }
  | { readonly t: 'loaded'; readonly url: string }
  /** Wants to load a module that has ended workers. */
  | { readonly t: 'mayLoad'; readonly url: string }
  /** About to make a call that goes to each worker, and what came of it. */
  | { readonly t: 'calling'; readonly id: string }
  | { readonly t: 'called'; readonly id: string; readonly answer: WorkerAnswer }
  /** A task wants one to be made. */
  | { readonly t: 'broadcast'; readonly call: AddressedCall; readonly sticky: boolean }
  /** Idle for the pool's `idleTimeout`. */
  | { readonly t: 'idle' }
  /** An error that no running item owns. */
  | { readonly t: 'stray'; readonly name: string | null; readonly fatal: boolean; readonly error: ErrorRecord }
