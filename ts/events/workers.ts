/** What is told of a pool's workers on `node:diagnostics_channel`; docs/diagnostics.md describes each message. */
import { channel } from 'node:diagnostics_channel'

/** Of `everycore:worker:start` and `everycore:worker:up`. */
export interface WorkerMessage {
  readonly pool: string
  /** The worker's slot, as in `ctx.worker`; the next worker may have the same. */
  readonly worker: number
  /** Node's id of the thread. */
  readonly threadId: number
}

/** Of `everycore:worker:end`. */
export interface WorkerEndMessage extends WorkerMessage {
  /** It left when it was told to or called `process.exit`, was stopped, ran out of memory, or an error ended it. */
  readonly reason: 'exit' | 'killed' | 'memory' | 'error'
  readonly exitCode: number
  /** The error, if one ended it or it never came up. */
  readonly error: unknown
}

/** Of `everycore:worker:stray`. */
export interface StrayMessage {
  readonly pool: string
  readonly worker: number
  /** The job's name, where the error could be traced to one. */
  readonly name: string | undefined
  /** An exception: the worker is replaced. Otherwise a rejection that nobody handled. */
  readonly fatal: boolean
  readonly error: unknown
}

const start = channel('everycore:worker:start')
const up = channel('everycore:worker:up')
const end = channel('everycore:worker:end')
const stray = channel('everycore:worker:stray')

export function workerStarted(message: () => WorkerMessage): void {
  if (start.hasSubscribers) start.publish(message())
}

export function workerUp(message: () => WorkerMessage): void {
  if (up.hasSubscribers) up.publish(message())
}

export function workerEnded(message: () => WorkerEndMessage): void {
  if (end.hasSubscribers) end.publish(message())
}

export function workerStrayed(message: StrayMessage): void {
  if (stray.hasSubscribers) stray.publish(message)
}
