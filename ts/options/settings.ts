// Options after validation: every default filled in, every shorthand spelled out. Lanes and engines read these, never what the user wrote.

import type { OnError, Priority, ProgressReport } from './interfaces.ts'
import type { PoolHandle } from './pool-brand.ts'

/** Retries spelled out; `times` is 0 where none were asked for. */
export interface RetrySettings {
  readonly times: number
  /** Ms before the next attempt; may throw, or give nonsense that the engine refuses. */
  readonly delay: (attempt: number) => number
  readonly when: (error: unknown) => boolean
}

/** What every verb has. `undefined` is "none", or "not said" for `name`, `on` and `pool`. */
export interface CallSettings {
  readonly timeout: number | undefined
  readonly retries: RetrySettings
  readonly signal: AbortSignal | undefined
  readonly grace: number
  readonly priority: Priority
  readonly use: object
  readonly metadata: Readonly<Record<string, unknown>>
  readonly name: string | undefined
  readonly on: 'caller' | 'workers' | undefined
  readonly pool: PoolHandle | undefined
  /** Everything in order on the caller: `concurrency: 0` or `EVERYCORE_SEQUENTIAL=1`. */
  readonly sequential: boolean
}

export interface RunSettings extends CallSettings {
  readonly queueTimeout: number | undefined
  readonly transfer: readonly ArrayBuffer[]
}

export interface ParSettings extends CallSettings {
  readonly queueTimeout: number | undefined
  readonly onError: OnError
}

export interface BroadcastSettings {
  readonly sticky: boolean
}

export interface ParMapSettings extends CallSettings {
  /** `undefined`: the lane's own default. */
  readonly concurrency: number | undefined
  readonly onError: OnError
  readonly preserveOrder: boolean
  readonly chunk: number | 'auto'
  readonly onProgress: ((progress: ProgressReport) => void) | undefined
}

export interface LazySettings extends ParMapSettings {
  /** Items pulled and not yet yielded; `Infinity` for any number. */
  readonly buffer: number | 'auto'
}

export interface BatchesSettings {
  readonly size: number
  /** `undefined`: never. */
  readonly every: number | undefined
}

export interface BatchSettings extends ParMapSettings, BatchesSettings {}

export interface PoolSettings {
  /** `undefined`: as many as `cpuCount()` says when the pool starts. */
  readonly workers: number | undefined
  readonly minWorkers: number
  /** `undefined`: as many as `cpuCount()` says when the pool opens. */
  readonly nativeThreads: number | undefined
  /** `undefined`: the system's default. */
  readonly stackSize: number | undefined
  readonly idleTimeout: number
  readonly maxQueue: { readonly calls: number; readonly bytes: number }
  readonly whenFull: 'reject' | 'wait'
  readonly setup: URL | string | (() => unknown) | undefined
  readonly resourceLimits: {
    readonly maxOldGenerationSizeMb?: number
    readonly maxYoungGenerationSizeMb?: number
    readonly codeRangeSizeMb?: number
    readonly stackSizeMb?: number
  }
  /** `Infinity`: never. */
  readonly recycleAfter: { readonly jobs: number; readonly ms: number; readonly heap: number }
  /** `Infinity`: none. */
  readonly memoryLimit: number
  readonly name: string
  readonly env: Readonly<Record<string, string | undefined>> | undefined
  readonly execArgv: readonly string[] | undefined
  readonly stdout: boolean | NodeJS.WritableStream
  readonly stderr: boolean | NodeJS.WritableStream
}
