// What is known of the run that an error came from, kept beside the error and not on it.

/** Where and how the item ran that failed. */
export interface TaskInfo {
  /** Id of the job. */
  readonly id: string
  /** Name of the job: its `name` option, or the function's. */
  readonly name: string
  /** Position of the item in the source; 0 for `run`. */
  readonly index: number
  /** Which attempt this was, from 1. */
  readonly attempt: number
  /** Milliseconds between submission and start. */
  readonly queuedMs: number
  /** Milliseconds it ran. */
  readonly ranMs: number
  /** Slot of the worker, `null` on the caller. */
  readonly worker: number | null
  readonly metadata: Readonly<Record<string, unknown>>
}

const infos = new WeakMap<object, TaskInfo>()

/** What is known of the run an error came from; `undefined` for errors that came from none. */
export function taskInfo(error: unknown): TaskInfo | undefined {
  return isKey(error) ? infos.get(error) : undefined
}

// An error that passes through several jobs tells of the outermost: the one its owner holds.
export function attachTaskInfo(error: unknown, info: TaskInfo): void {
  if (isKey(error)) infos.set(error, info)
}

function isKey(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function'
}
