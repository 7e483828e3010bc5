/** What a worker's records say about a failed item, and what the addon's refusals mean, as the errors that users see. */
import { rebuild } from '../codec/error-envelope.ts'
import { ClosedError, NotCloneableError, QueueFullError, TaskError, TimeoutError } from '../errors.ts'
import type { EverycoreError } from '../errors.ts'
import { wordsOf } from '../errors/words.ts'
import type { ErrorRecord } from '../codec/error-envelope.ts'
import type { Shipment } from '../shipping/ship.ts'
import { warnOnce } from '../warnings.ts'
import { decodeVerdict, verdictError } from '../pool/verdict.ts'

/** Payload of an error record. */
export interface ErrorPayload {
  readonly error: ErrorRecord
  /** Ms that the attempt ran. */
  readonly ranMs: number
  /** The function gave a promise of what cannot be sent. */
  readonly promised?: boolean
}

const VERDICT = 0
const TIMED_OUT = 1
const CLOSED = 2

/** The error of an item that failed without a word from its worker. `what` names the call or item. */
export function fateError(payload: Buffer, what: string, timeout: number): EverycoreError {
  switch (payload[0]) {
    case VERDICT:
      return verdictError(decodeVerdict(payload.subarray(1)), `ran ${what}`)
    case TIMED_OUT:
      return new TimeoutError(`${what} did not end within its timeout of ${timeout} ms`)
    case CLOSED:
      return new ClosedError(`the pool was closed before ${what} had run`)
    default:
      return new TaskError(`${what} is lost: something in its worker wrote over the memory that results pass through`)
  }
}

/** A result that has come whole, and that this thread cannot make a value of: too little memory, or a global that somebody has replaced. */
export function unreadableResult(what: string, cause: unknown): NotCloneableError {
  return new NotCloneableError(`the result of ${what} has come, but cannot be read: ${wordsOf(cause)}`, {
    path: 'result',
    cause,
  })
}

/** What an error record says. */
export type Failure = Omit<ErrorPayload, 'error'> & { readonly error: unknown }

/** Never throws: of an error that cannot be read there is still one to tell. `callStack` is where the call was made. */
export function failureOf(read: () => unknown, what: string, callStack: string | undefined): Failure {
  try {
    const { error, ranMs, promised = false } = read() as ErrorPayload
    return { error: rebuild(error, callStack), ranMs, promised }
  } catch (cause) {
    const error = new TaskError(`${what} failed, and its error cannot be read: ${wordsOf(cause)}`, { cause })
    return { error, ranMs: 0 }
  }
}

/** What would help: a plain function is sent to workers because it is not async, and this one might as well be. `shipped` is what was sent. */
export function hintAsync(shipped: Shipment, name: string, failed: unknown): void {
  warnOnce(`${name}\0${JSON.stringify(shipped)}`, 'EVERYCORE_ASYNC', () => {
    const advice = 'make it async, and it runs on the calling thread, where nothing is copied'
    return `'${name}' returned a promise of something that cannot be cloned (${wordsOf(failed)}); ${advice}`
  })
}

/** The addon's refusal of a submit as an error with our class; anything else as it is. */
export function refused(error: unknown, what: string): unknown {
  const code = (error as { code?: unknown } | null)?.code
  if (code === 'ERR_QUEUE_FULL')
    return new QueueFullError(`${what} was refused: as many calls wait as option 'maxQueue' allows`)
  if (code === 'ERR_TASK') return new TaskError(`${what} was refused: ${(error as Error).message}`)
  if (code === 'ERR_CLOSED') return new ClosedError(`${what} was refused: the pool is closed`)
  return error
}
