// One class per error code, as the contract lists them; messages are made where they are thrown.

import { EverycoreError } from './base.ts'
import { brand } from './brand.ts'

/** An option or argument has a value that is not allowed; the message names option, value and what is allowed. */
export class OptionError extends EverycoreError {
  override readonly code = 'ERR_OPTION'
}
brand(OptionError, 'OptionError')

/** A function cannot be shipped as it stands: it uses variables that do not exist where it will run. */
export class CaptureError extends EverycoreError {
  override readonly code = 'ERR_CAPTURE'

  /** The variables that stand in the way; none where something else does. */
  readonly variables: readonly string[]

  constructor(message: string, options: ErrorOptions & { variables: readonly string[] }) {
    super(message, options)
    this.variables = options.variables
  }
}
brand(CaptureError, 'CaptureError')

/** A function threw something that is not an error; `cause` is what it threw. */
export class TaskError extends EverycoreError {
  override readonly code = 'ERR_TASK'
}
brand(TaskError, 'TaskError')

/** An attempt ran longer than its `timeout`. */
export class TimeoutError extends EverycoreError {
  override readonly code = 'ERR_TIMEOUT'
}
brand(TimeoutError, 'TimeoutError')

/** A call waited longer than its `queueTimeout` before it could start. */
export class QueueTimeoutError extends EverycoreError {
  override readonly code = 'ERR_QUEUE_TIMEOUT'
}
brand(QueueTimeoutError, 'QueueTimeoutError')

/** The job was cancelled, or its pool closed, without a reason given. Its `name` is `AbortError`, as for every abort in Node. */
export class CancelledError extends EverycoreError {
  override readonly code = 'ERR_CANCELLED'
}
brand(CancelledError, 'CancelledError', 'AbortError')

/** A worker reached its heap limit while it ran this item. */
export class OutOfMemoryError extends EverycoreError {
  override readonly code = 'ERR_OUT_OF_MEMORY'
}
brand(OutOfMemoryError, 'OutOfMemoryError')

/** A worker could not start, or a module could not be loaded in it; `cause` says why. */
export class LoadError extends EverycoreError {
  override readonly code = 'ERR_LOAD'
}
brand(LoadError, 'LoadError')

/** The pool already holds `maxQueue` waiting calls. */
export class QueueFullError extends EverycoreError {
  override readonly code = 'ERR_QUEUE_FULL'
}
brand(QueueFullError, 'QueueFullError')

/** The pool or channel is closed. */
export class ClosedError extends EverycoreError {
  override readonly code = 'ERR_CLOSED'
}
brand(ClosedError, 'ClosedError')

/** A single argument or result is over the cap for one payload. */
export class PayloadTooLargeError extends EverycoreError {
  override readonly code = 'ERR_PAYLOAD_TOO_LARGE'
}
brand(PayloadTooLargeError, 'PayloadTooLargeError')

/** Waiting would have closed a cycle of threads that wait for each other; the message draws it. */
export class DeadlockError extends EverycoreError {
  override readonly code = 'ERR_DEADLOCK'
}
brand(DeadlockError, 'DeadlockError')

/** Locks were taken in an order that another thread contradicts. */
export class LockOrderError extends EverycoreError {
  override readonly code = 'ERR_LOCK_ORDER'
}
brand(LockOrderError, 'LockOrderError')

/** The thread that held the lock died in its critical section. */
export class LockPoisonedError extends EverycoreError {
  override readonly code = 'ERR_LOCK_POISONED'
}
brand(LockPoisonedError, 'LockPoisonedError')

/** There is no binary for this platform, or Node was told not to load it; the message names the flag. */
export class UnsupportedPlatformError extends EverycoreError {
  override readonly code = 'ERR_UNSUPPORTED_PLATFORM'
}
brand(UnsupportedPlatformError, 'UnsupportedPlatformError')

/** A value cannot cross to another thread; the rest of the call is unharmed. */
export class NotCloneableError extends EverycoreError {
  override readonly code = 'ERR_NOT_CLONEABLE'

  /** The way to the part that cannot be cloned, such as `result.rows[3].callback`. */
  readonly path: string

  constructor(message: string, options: ErrorOptions & { path: string }) {
    super(message, options)
    this.path = options.path
  }
}
brand(NotCloneableError, 'NotCloneableError')

/** The worker ended while it ran this item. */
export class WorkerExitError extends EverycoreError {
  override readonly code = 'ERR_WORKER_EXIT'

  /** What the worker exited with; `null` where it died without an exit code. */
  readonly exitCode: number | null

  constructor(message: string, options: ErrorOptions & { exitCode: number | null }) {
    super(message, options)
    this.exitCode = options.exitCode
  }
}
brand(WorkerExitError, 'WorkerExitError')
