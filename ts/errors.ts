// The list of everything about errors: the classes, how own classes cross threads, and what is known of a failed run.

export { EverycoreError } from './errors/base.ts'
export {
  CancelledError,
  CaptureError,
  ClosedError,
  DeadlockError,
  LoadError,
  LockOrderError,
  LockPoisonedError,
  NotCloneableError,
  OptionError,
  OutOfMemoryError,
  PayloadTooLargeError,
  QueueFullError,
  QueueTimeoutError,
  TaskError,
  TimeoutError,
  UnsupportedPlatformError,
  WorkerExitError,
} from './errors/kinds.ts'
export { ParallelError } from './errors/parallel.ts'
export type { Failure, ParallelErrorInit } from './errors/parallel.ts'
export { registerError } from './errors/registry.ts'
export type { ErrorClass } from './errors/registry.ts'
export { attachTaskInfo, taskInfo } from './errors/task-info.ts'
export type { TaskInfo } from './errors/task-info.ts'
export { asError, isError } from './errors/is-error.ts'
